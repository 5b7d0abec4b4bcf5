import { ask, deadlineIn } from './ask.mjs';
import { roleCredentials } from './role-credentials.mjs';
import { withoutLineBreak } from './bundled-file.mjs';
import { Denied, Supply } from './supply.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').NamedSecret} NamedSecret */

/** From the first byte that is sent to the last that is read. A viewer waits this long at most. */
const DEADLINE_SECONDS = 3;

/** A secret has 64 KB at most ("AWS Secrets Manager quotas"), a parameter 8 KB; escaped in JSON it is longer. */
const MAX_BYTES = 256 * 1024;

/** What says that there is no such secret, or not for us. Anything else (`ThrottlingException`, …) may pass. */
const DENIED = /^(?:AccessDenied|InvalidRequest|ParameterNotFound|ParameterVersionNotFound|ResourceNotFound)/;

/**
 * A secret that lies with AWS Systems Manager or AWS Secrets Manager, as bytes. Nothing of it ever stands in an error.
 *
 * @extends {Supply<Uint8Array>}
 */
export class RemoteSecret extends Supply {
  #key;
  #privateKeys;

  /**
   * @param {NamedSecret & { remote: NonNullable<NamedSecret['remote']> }} secret
   * @param {import('./private-keys.mjs').PrivateKeys} privateKeys takes it if it is one
   */
  constructor({ name, isForHost, remote }, privateKeys) {
    super('secret', { secret: name }, remote.maxAgeSeconds, remote.staleIfErrorSeconds);
    this.name = name;
    this.#key = remote.key;
    this.#privateKeys = isForHost ? privateKeys : undefined;
  }

  /**
   * @override
   * @param {() => Authorizer} authorizer
   * @param {number} now
   */
  async fetch(authorizer, now) {
    const request = authorizer().secretRequest(this.name, roleCredentials(), now);
    const limits = { deadline: deadlineIn(DEADLINE_SECONDS), maxBytes: MAX_BYTES };
    const { status, body } = await ask(request, limits);
    const answer = parsed(body);
    if (status !== 200) throw refusal(status, answer);
    return withoutLineBreak(this.#bytesIn(answer));
  }

  /** @type {Supply<Uint8Array>['handOver']} */
  handOver(authorizer, value, until) {
    if (this.#privateKeys === undefined) return authorizer.setSecret(this.name, value, until);
    this.#privateKeys.set(this.name, value);
    authorizer.hostHasSecret(this.name, until);
  }

  /** @type {Supply<Uint8Array>['trustUntil']} */
  trustUntil(authorizer, value, until) {
    this.handOver(authorizer, value, until);
  }

  /**
   * "GetParameter" in the AWS Systems Manager API Reference, "GetSecretValue" in that of AWS Secrets Manager.
   *
   * @param {any} answer
   */
  #bytesIn(answer) {
    const text = answer?.Parameter?.Value ?? answer?.SecretString;
    if (this.#key !== null) {
      const member = Object.entries(parsed(text) ?? {}).find(([name]) => name === this.#key)?.[1];
      if (typeof member !== 'string') throw new Denied('the secret is no JSON with a text under the configured `key`');
      return Buffer.from(member);
    }
    if (typeof text === 'string') return Buffer.from(text);
    if (typeof answer?.SecretBinary === 'string') return Buffer.from(answer.SecretBinary, 'base64');
    throw new Error('the answer has no secret in it');
  }
}

/**
 * @param {any} text
 * @returns {any} undefined for what is no JSON: the words of a `SyntaxError` would repeat it
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {number} status
 * @param {any} answer `{"__type": "com.amazonaws.ssm#ParameterNotFound", …}`
 */
function refusal(status, answer) {
  const type = /^(?:[\w.]+#)?(\w{1,60})$/.exec(answer?.__type ?? '')?.[1] ?? 'no reason given';
  return new (DENIED.test(type) ? Denied : Error)(`status ${status} (${type})`);
}
