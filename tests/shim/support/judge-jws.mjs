import assert from 'node:assert/strict';
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  privateEncrypt,
  publicDecrypt,
  sign,
} from 'node:crypto';
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
  const [header = '', payload, published = ''] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const signature = signatureOver(`${header}.${CLAIMS}`, alg, privateKey);
  const ofOriginal = signatureOver(`${header}.${payload}`, alg, privateKey);
  const authorizer = authorizerWith(keys, provider);
  const code = (/** @type {string} */ text) =>
    outcomeOf(authorizer, `${header}.${CLAIMS}.${text}`).code;
  const otherStart = signature.startsWith('A') ? 'B' : 'A';
  const carried = carryOver(published, `${header}.${payload}`, `${header}.${CLAIMS}`, privateKey);
  assert.equal(code(signature), 'allowed');
  assert.equal(code(carried ?? signature), 'allowed');
  assert.equal(code(otherStart + signature.slice(1)), 'signature_invalid');
  assert.equal(code(ofOriginal), 'signature_invalid');
  authorizer.free();
}

/**
 * The same header and key with a claims set for a payload, and the same fault in the signature.
 *
 * @param {string} token
 * @param {any[]} keys JWKs, as they are published
 * @param {any} privateKey the JWK to sign with
 * @returns {{ code: string, carriedOver: boolean }} false: it is the very same signature
 */
export function judgeWithClaims(token, keys, privateKey) {
  const [header = '', payload, signature = ''] = token.split('.');
  const input = `${header}.${CLAIMS}`;
  const carried = carryOver(signature, `${header}.${payload}`, input, privateKey);
  const authorizer = authorizerWith(keys);
  const { code } = outcomeOf(authorizer, `${input}.${carried ?? signature}`);
  authorizer.free();
  return { code, carriedOver: carried !== undefined };
}

/**
 * Takes an RSA signature back to what was signed, puts the hash of other input in the place of the
 * old one, and signs that: padding that is wrong stays wrong in the same way.
 *
 * @param {string} signature
 * @param {string} from
 * @param {string} to
 * @param {any} jwk
 * @returns {string | undefined} undefined where there is no such hash
 */
function carryOver(signature, from, to, jwk) {
  const bytes = Buffer.from(signature, 'base64url');
  if (jwk.kty !== 'RSA' || jwk.alg === undefined) return undefined;
  if (bytes.length !== Buffer.from(jwk.n, 'base64url').length) return undefined;
  const raw = {
    key: createPrivateKey({ key: jwk, format: 'jwk' }),
    padding: constants.RSA_NO_PADDING,
  };
  const signed = publicDecrypt(raw, bytes);
  const hash = (/** @type {string} */ text) =>
    createHash(`sha${jwk.alg.slice(2)}`).update(text).digest();
  const place = signed.indexOf(hash(from));
  if (place === -1) return undefined;
  hash(to).copy(signed, place);
  return privateEncrypt(raw, signed).toString('base64url');
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
