// Keys and tokens, made anew in each run: nothing that is measured can be tuned to them.

import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** @typedef {import('node:crypto').JsonWebKey & { kid: string }} Jwk */
/**
 * @typedef {object} SigningKey
 * @property {string} algorithm
 * @property {string} kid
 * @property {Jwk} jwk the public half; of a secret the whole of it
 * @property {string | Buffer} pem what verifiers that take no JWK are given: SPKI, or the secret
 * @property {(signingInput: string) => Buffer} sign
 */

/** @type {Record<string, (kid: string) => SigningKey>} */
const MAKERS = {
  RS256: (kid) => rsaKey('RS256', kid, {}),
  PS256: (kid) => rsaKey('PS256', kid, { padding: 6, saltLength: 32 }),
  ES256: (kid) => keyPair('ES256', kid, 'ec', { namedCurve: 'P-256' }, 'sha256', { dsaEncoding: 'ieee-p1363' }),
  ES384: (kid) => keyPair('ES384', kid, 'ec', { namedCurve: 'P-384' }, 'sha384', { dsaEncoding: 'ieee-p1363' }),
  EdDSA: (kid) => keyPair('EdDSA', kid, 'ed25519', {}, undefined, {}),
  HS256: secret,
};

/**
 * @param {string} algorithm
 * @param {string} [kid]
 * @returns {SigningKey}
 */
export function makeKey(algorithm, kid = randomBytes(32).toString('base64')) {
  const make = MAKERS[algorithm];
  if (make === undefined) throw new Error(`there is no maker of keys for \`${algorithm}\``);
  return make(kid);
}

/**
 * @param {string} algorithm
 * @param {string} kid
 * @param {object} padding
 */
function rsaKey(algorithm, kid, padding) {
  return keyPair(algorithm, kid, 'rsa', { modulusLength: 2048 }, 'sha256', padding);
}

/**
 * By way of PEM: in Node.js 20 a key object that comes out of the generator can block for ever when it is exported.
 *
 * @param {string} algorithm
 * @param {string} kid
 * @param {any} type
 * @param {object} parameters
 * @param {string | undefined} hash
 * @param {object} signing
 * @returns {SigningKey}
 */
function keyPair(algorithm, kid, type, parameters, hash, signing) {
  const { privateKey, publicKey } = /** @type {any} */ (generateKeyPairSync)(type, {
    ...parameters,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = createPrivateKey(privateKey);
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = key.export({ format: 'jwk' });
  return {
    algorithm,
    kid,
    jwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    pem: publicKey,
    sign: (signingInput) => sign(hash, Buffer.from(signingInput), { key, ...signing }),
  };
}

/**
 * @param {string} kid
 * @returns {SigningKey}
 */
function secret(kid) {
  const bytes = randomBytes(64);
  return {
    algorithm: 'HS256',
    kid,
    jwk: { kty: 'oct', kid, alg: 'HS256', k: bytes.toString('base64url') },
    pem: bytes,
    sign: (signingInput) => createHmac('sha256', bytes).update(signingInput).digest(),
  };
}

/**
 * @param {SigningKey} key
 * @param {Record<string, unknown>} claims
 * @returns {string} a JWS in compact serialization (RFC 7515, section 7.1)
 */
export function signToken(key, claims) {
  const header = { kid: key.kid, alg: key.algorithm };
  const signingInput = `${encode(header)}.${encode(claims)}`;
  return `${signingInput}.${key.sign(signingInput).toString('base64url')}`;
}

/** @param {object} value */
function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
