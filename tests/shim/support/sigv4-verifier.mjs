import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Verifies Signature Version 4 as a service would, from what came over the wire: an independent computation, by "Create a
 * signed AWS API request" in the AWS Identity and Access Management User Guide, and "Authenticating Requests" in the Amazon
 * S3 API Reference.
 */

/**
 * @typedef {object} Caller whom the service knows
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {string} [sessionToken]
 */

/** How far a request's time may be from the service's, in seconds. */
const MAX_SKEW = 300;

/** What has to be signed where it is there, besides all `x-amz-` headers. */
const SIGNED = ['host', 'content-type'];

/**
 * @param {{ method: string, url: string, headers: Record<string, string>, body: Buffer }} request
 * @param {{ caller: Caller, region: string, service: string, now: number }} expected
 * @returns {string | null} what AWS calls the error, or null
 */
export function signatureError({ method, url, headers, body }, { caller, region, service, now }) {
  const authorization = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
  const [, credential, names, signature] = authorization.exec(headers.authorization ?? '') ?? [];
  if (signature === undefined) return 'IncompleteSignature';

  const time = headers['x-amz-date'] ?? '';
  const [, day, clock] = /^(\d{8})T(\d{6})Z$/.exec(time) ?? [];
  if (day === undefined || Math.abs(secondsOf(day, clock) - now) > MAX_SKEW) return 'InvalidSignatureException';
  const scope = `${day}/${region}/${service}/aws4_request`;
  if (credential !== `${caller.accessKeyId}/${scope}`) return 'UnrecognizedClientException';
  if (headers['x-amz-security-token'] !== caller.sessionToken) return 'UnrecognizedClientException';

  const signed = names.split(';');
  const needed = Object.keys(headers).filter((name) => SIGNED.includes(name) || name.startsWith('x-amz-'));
  const isComplete = needed.every((name) => signed.includes(name)) && signed.every((name) => name in headers);
  if (!isComplete || names !== [...new Set(signed)].sort().join(';')) return 'InvalidSignatureException';
  const payload = headers['x-amz-content-sha256'] ?? sha256(body);
  const isUnsigned = service === 's3' && payload === 'UNSIGNED-PAYLOAD';
  if (payload !== sha256(body) && !isUnsigned) return 'XAmzContentSHA256Mismatch';

  const [path = '', query = ''] = url.split('?');
  const lines = signed.map((name) => `${name}:${headers[name].trim().replace(/ +/g, ' ')}\n`);
  // Amazon S3 decodes a path, a `+` as a space, and encodes it anew; others encode what they got.
  const canonicalPath = encoded(service === 's3' ? decodeURIComponent(path.replaceAll('+', ' ')) : path, '/');
  const canonical = [method, canonicalPath, canonicalQuery(query), lines.join(''), names, payload].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce(hmac, /** @type {string | Buffer} */ (`AWS4${caller.secretAccessKey}`));
  const isRight = timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'));
  return isRight ? null : 'InvalidSignatureException';
}

/** @type {(query: string) => string} */
function canonicalQuery(query) {
  const pairs = [...new URLSearchParams(`?${query}`)].map((pair) => pair.map((part) => encoded(part)).join('='));
  return pairs.sort().join('&');
}

/** @type {(text: string, separator?: string) => string} */
function encoded(text, separator) {
  if (separator !== undefined) return text.split(separator).map((part) => encoded(part)).join(separator);
  const byNumber = (/** @type {string} */ character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, byNumber);
}

/**
 * @param {string} day
 * @param {string} clock
 */
function secondsOf(day, clock) {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  return Date.parse(`${year}-${month}-${date}T${clock.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`) / 1000;
}

/** @param {string | Buffer} data */
function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * @param {string | Buffer} key
 * @param {string} data
 */
function hmac(key, data) {
  return createHmac('sha256', key).update(data).digest();
}
