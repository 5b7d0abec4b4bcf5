import assert from 'node:assert/strict';
import { constants, createHmac, createPrivateKey, sign } from 'node:crypto';
import { authorizerWith, outcomeOf } from './shipped-module.mjs';

/** The payload of what is signed again. */
const CLAIMS = Buffer.from('{"sub":"alice"}').toString('base64url');

/**
 * Judges a published JWS whose payload is no claims set, as those of most vectors are. None may be
 * forwarded. One that is valid has to be refused for its payload, and for nothing else.
 *
 * @param {string} token
 * @param {any[]} keys JWKs, as they are published
 * @param {boolean} valid
 * @returns {string} what became of it
 */
export function judge(token, keys, valid) {
  let authorizer;
  try {
    authorizer = authorizerWith(keys);
  } catch (error) {
    assert.match(String(error), /the key set has no usable key/);
    return 'key set refused';
  }
  const { kind, code, detail } = outcomeOf(authorizer, token);
  authorizer.free();
  assert.equal(kind, 'respond');
  assert.notEqual(code, 'keys_unavailable');
  const onlyPayload = code === 'token_malformed' && /payload is not a claims set/.test(detail);
  if (valid && onlyPayload) return 'valid, but no claims set';
  return onlyPayload ? 'no claims set' : code;
}

/**
 * The same header and key with a claims set for a payload: forwarded as it is, and refused with
 * another signature, or with the signature of another payload.
 *
 * @param {string} token
 * @param {any[]} keys JWKs, as they are published
 * @param {any} privateKey the JWK to sign with
 * @param {Record<string, unknown>} [provider]
 */
export function judgeSignedAgain(token, keys, privateKey, provider) {
  const [header = '', payload] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const signature = signatureOver(`${header}.${CLAIMS}`, alg, privateKey);
  const ofOriginal = signatureOver(`${header}.${payload}`, alg, privateKey);
  const authorizer = authorizerWith(keys, provider);
  const code = (/** @type {string} */ text) =>
    outcomeOf(authorizer, `${header}.${CLAIMS}.${text}`).code;
  const otherStart = signature.startsWith('A') ? 'B' : 'A';
  assert.equal(code(signature), 'allowed');
  assert.equal(code(otherStart + signature.slice(1)), 'signature_invalid');
  assert.equal(code(ofOriginal), 'signature_invalid');
  authorizer.free();
}

/**
 * @param {string} input
 * @param {string} algorithm
 * @param {any} jwk
 */
function signatureOver(input, algorithm, jwk) {
  const bytes = Buffer.from(input);
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) {
    return createHmac(hash, Buffer.from(jwk.k, 'base64url')).update(bytes).digest('base64url');
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (algorithm === 'EdDSA') return sign(null, bytes, key).toString('base64url');
  if (algorithm.startsWith('PS')) {
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
    return sign(hash, bytes, { key, padding, saltLength }).toString('base64url');
  }
  return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}
