import { KeyServer } from './key-server.mjs';
import { signatureError } from './sigv4-verifier.mjs';

/** @typedef {import('./sigv4-verifier.mjs').Caller} Caller */
/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

/** Whom the server knows; nobody's credentials. */
export const CALLER = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'nobodys+secret/access/key',
  sessionToken: 'nobodys+session/token==',
};

/** @type {Record<string, { service: string, name: string }>} by `x-amz-target`: the service, and the member with the name */
const TARGETS = {
  'AmazonSSM.GetParameter': { service: 'ssm', name: 'Name' },
  'secretsmanager.GetSecretValue': { service: 'secretsmanager', name: 'SecretId' },
};

/**
 * Starts a server on loopback that is both services, and stops it when the test ends.
 *
 * @param {import('node:test').TestContext} t
 * @param {object} options
 * @param {() => number} options.now
 * @param {string} [options.region]
 */
export async function startSecretServer(t, { now, region = 'us-east-1' }) {
  const server = new SecretServer(now, region);
  await server.listen(0);
  t.after(() => server.stop());
  return server;
}

/** AWS Systems Manager and AWS Secrets Manager, as far as a secret is asked for. */
class SecretServer extends KeyServer {
  /** @type {Record<string, object>} what a secret's answer holds, by the name that is asked for */
  secrets = {};

  #now;
  #region;

  /**
   * @param {() => number} now
   * @param {string} region
   */
  constructor(now, region) {
    super();
    this.#now = now;
    this.#region = region;
  }

  get endpoint() {
    return new URL(this.url).origin;
  }

  /**
   * @override
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async sendKeys(request, response) {
    const { status, answer } = this.#answerTo(request, Buffer.concat(await request.toArray()));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }

  /**
   * @param {IncomingMessage} request
   * @param {Buffer} body
   */
  #answerTo({ method = '', url = '', headers }, body) {
    const refused = (/** @type {string} */ type) => {
      return { status: 400, answer: { __type: `com.amazonaws#${type}`, message: 'refused' } };
    };
    const target = TARGETS[String(headers['x-amz-target'])];
    if (target === undefined || headers['content-type'] !== 'application/x-amz-json-1.1') {
      return refused('UnknownOperationException');
    }
    const read = { method, url, headers: /** @type {Record<string, string>} */ (headers), body };
    const now = this.#now();
    const error = signatureError(read, { caller: CALLER, region: this.#region, service: target.service, now });
    if (error !== null) return refused(error);
    const asked = JSON.parse(body.toString());
    const isSsm = target.service === 'ssm';
    if (isSsm && asked.WithDecryption !== true) return refused('ValidationException');
    const secret = this.secrets[asked[target.name]];
    if (secret === undefined) return refused(isSsm ? 'ParameterNotFound' : 'ResourceNotFoundException');
    return { status: 200, answer: secret };
  }
}
