import { PUBLIC, keyId } from './keys.mjs';

/** @typedef {import('./keys.mjs').Keys} Keys */
/** @typedef {import('./keys.mjs').Jwk} Jwk */
/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {[header: string, payload: string]} SignedParts */
/** @typedef {[header: string, payload: string, signature: string]} Parts */

/**
 * What every verifier is configured with, in its own words.
 *
 * @typedef {object} Setup
 * @property {string[]} algorithms
 * @property {Jwk[] | null} keySet
 * @property {Buffer | null} secret
 * @property {string} issuer
 * @property {string | string[] | null} audience
 * @property {number} graceSeconds
 * @property {boolean} allowMissingExpiry
 */

/**
 * A token in the making. It is valid until a mutation changes it.
 *
 * @typedef {object} Draft
 * @property {string} algorithm
 * @property {Setup} setup
 * @property {number} now
 * @property {Record<string, unknown>} header
 * @property {Record<string, unknown> & { exp: number, iat: number }} payload
 * @property {string | Buffer} [headerText] instead of the header as JSON
 * @property {string | Buffer} [payloadText] instead of the payload as JSON
 * @property {(parts: SignedParts) => SignedParts} [beforeSigning]
 * @property {(input: string) => Buffer} sign
 * @property {(signature: Buffer) => Buffer} [afterSigning]
 * @property {(parts: Parts) => string} [assembled]
 */

export const ISSUER = 'https://issuer.example/pool';
export const AUDIENCE = 'images';

/**
 * A valid token, as an issuer would make it.
 *
 * @param {string} algorithm
 * @param {Keys} keys
 * @param {Random} random
 * @returns {Draft}
 */
export function draftOf(algorithm, keys, random) {
  const now = 1_700_000_000 + random.below(1_000_000);
  return {
    algorithm,
    setup: setupFor(algorithm, keys),
    now,
    header: { ...(random.flip() && { typ: 'JWT' }), alg: algorithm, kid: keyId(algorithm) },
    payload: {
      iss: ISSUER,
      aud: random.flip() ? AUDIENCE : [`other-${random.word(3)}`, AUDIENCE],
      sub: random.word(1 + random.below(30)),
      iat: now - 1 - random.below(1000),
      exp: now + 100 + random.below(100_000),
      ...(random.flip() && { nbf: now - 1 - random.below(1000) }),
      ...(random.flip() && { scope: 'images/read images/write' }),
      ...(random.flip() && { groups: [random.word(4), 'Zoë 日本 🖼'] }),
      ...(random.flip() && { resource: { app: { roles: [random.word(8), 1, null, true] } } }),
    },
    sign: (input) => keys.sign(algorithm, input),
  };
}

/**
 * A shared secret is for one algorithm; a key set has a key for each of the others, and one for
 * encryption.
 *
 * @param {string} algorithm
 * @param {Keys} keys
 * @returns {Setup}
 */
function setupFor(algorithm, keys) {
  const isPublic = PUBLIC.includes(algorithm);
  const encryption = { ...keys.jwk('RS256'), kid: 'Key-encryption', alg: 'RSA-OAEP', use: 'enc' };
  return {
    algorithms: isPublic ? PUBLIC : [algorithm],
    keySet: isPublic ? [...PUBLIC.map((name) => keys.jwk(name)), encryption] : null,
    secret: isPublic ? null : keys.secret(algorithm),
    issuer: ISSUER,
    audience: AUDIENCE,
    graceSeconds: 0,
    allowMissingExpiry: false,
  };
}

/**
 * Encodes and signs.
 *
 * @param {Draft} draft
 * @returns {string}
 */
export function finish(draft) {
  const texts = [headerText(draft), payloadText(draft)];
  const encoded = texts.map((text) => Buffer.from(text).toString('base64url'));
  const unsigned = /** @type {SignedParts} */ (encoded);
  const [header, payload] = draft.beforeSigning?.(unsigned) ?? unsigned;
  const signature = draft.sign(`${header}.${payload}`);
  const sent = draft.afterSigning?.(signature) ?? signature;
  /** @type {Parts} */
  const parts = [header, payload, sent.toString('base64url')];
  return draft.assembled?.(parts) ?? parts.join('.');
}

/** @param {Draft} draft */
export function headerText(draft) {
  return draft.headerText ?? JSON.stringify(draft.header);
}

/** @param {Draft} draft */
export function payloadText(draft) {
  return draft.payloadText ?? JSON.stringify(draft.payload);
}
