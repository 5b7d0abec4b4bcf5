import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, stop } from '../../../www-shim/edge/listen.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/**
 * @typedef {object} Verifier
 * @property {string} service
 * @property {string} region
 * @property {number} now seconds since 1970
 * @property {(request: IncomingMessage, body: Buffer, response: import('node:http').ServerResponse) => void} [answer]
 * to a request whose signature is right
 */

/** What the tests hand to the function as its role. Neither is a secret of anything. */
export const ROLE = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'the-secret-key-of-the-tests',
  AWS_SESSION_TOKEN: 'the-session-token-of-the-tests//==',
};

/**
 * Starts a server that takes requests as AWS does: signed with Signature Version 4, by `ROLE`, now. It is written after
 * AWS's documentation, and shares nothing with what it tests.
 *
 * @param {import('node:test').TestContext} t
 * @param {Verifier} verifier
 */
export async function startVerifier(t, verifier) {
  /** @type {{ method?: string, url?: string, headers: IncomingMessage['headers'], body: string, problem?: string }[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const problem = problemOf(request, body, verifier);
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: body.toString(), ...(problem ? { problem } : {}) });
    if (problem) return response.writeHead(403, { 'content-type': 'text/plain' }).end(problem);
    return verifier.answer ? verifier.answer(request, body, response) : response.end('verified');
  });
  const url = await listen(server, 0);
  t.after(() => stop(server, 0));
  return { url, port: Number(new URL(url).port), requests };
}

/**
 * @param {IncomingMessage} request
 * @param {Buffer} body
 * @param {Verifier} verifier
 * @returns {string | undefined} why AWS would refuse it
 */
function problemOf(request, body, { service, region, now }) {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!parts) return 'MissingAuthenticationToken';
  const [, keyId, day, signedRegion, signedService, names = '', signature] = parts;
  const timestamp = String(request.headers['x-amz-date']);
  const seconds = Date.parse(timestamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) / 1000;
  if (!(Math.abs(seconds - now) <= 300) || !timestamp.startsWith(String(day))) return 'RequestTimeTooSkewed';
  if (keyId !== ROLE.AWS_ACCESS_KEY_ID) return 'InvalidAccessKeyId';
  if (signedRegion !== region || signedService !== service) return 'AuthorizationHeaderMalformed';
  if (request.headers['x-amz-security-token'] !== ROLE.AWS_SESSION_TOKEN) return 'InvalidToken';

  const signed = names.split(';');
  const mustBeSigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') || name === 'host');
  const unsigned = mustBeSigned.filter((name) => !signed.includes(name));
  if (unsigned.length > 0) return `headers not signed: ${unsigned}`;
  const payload = String(request.headers['x-amz-content-sha256']);
  if (payload !== hash(body) && !(service === 's3' && payload === 'UNSIGNED-PAYLOAD')) {
    return 'XAmzContentSHA256Mismatch';
  }

  const [path = '', query = ''] = String(request.url).split('?');
  const lines = signed.map((name) => `${name}:${valueOf(request, name)}\n`);
  const canonicalPath = service === 's3' ? recoded(path) : encodeEach(path);
  const canonical = [request.method, canonicalPath, canonicalQuery(query), lines.join(''), names, payload].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', timestamp, scope, hash(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce(
    (/** @type {string | Buffer} */ key, part) => mac(key, String(part)),
    `AWS4${ROLE.AWS_SECRET_ACCESS_KEY}`,
  );
  return mac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}

/** @type {(request: IncomingMessage, name: string) => string} */
function valueOf({ headers }, name) {
  return String(headers[name] ?? '').trim().replace(/\s+/g, ' ');
}

/** @type {(path: string) => string} the path of an object: decoded, with `+` as a space, and encoded anew */
function recoded(path) {
  return encodeEach(decodeURIComponent(path.replaceAll('+', ' ')));
}

/** @type {(path: string) => string} */
function encodeEach(path) {
  return path.split('/').map(encoded).join('/');
}

/** @type {(query: string) => string} */
function canonicalQuery(query) {
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.sort().join('&');
}

/** @type {(text: string) => string} */
function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @type {(data: string | Buffer) => string} */
function hash(data) {
  return createHash('sha256').update(data).digest('hex');
}

/** @type {(key: string | Buffer, data: string) => Buffer} */
function mac(key, data) {
  return createHmac('sha256', key).update(data).digest();
}
