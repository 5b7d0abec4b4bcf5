import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';

/**
 * Keys and tokens for trying out, never for production: nothing here guards a key beyond the mode
 * of its file.
 */

/** @typedef {import('node:crypto').JsonWebKey & { kid?: string, alg: string }} DevelopmentKey */
/**
 * @typedef {object} Algorithm
 * @property {'RSA' | 'EC' | 'OKP' | 'oct'} kty
 * @property {string | null} hash null where the algorithm has its own
 * @property {number} [bits] of a secret
 * @property {string} [crv] the curve
 * @property {boolean} [isPss]
 */

const RSA_BITS = 2048;

/**
 * RFC 7518 section 3.1, RFC 8037 section 3.1. RFC 7518 section 3.2: an HMAC secret is at least as long as the hash; section
 * 3.3: an RSA key has at least 2048 bits.
 *
 * @type {Record<string, Algorithm>}
 */
const ALGORITHMS = {
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  PS256: { kty: 'RSA', hash: 'sha256', isPss: true },
  PS384: { kty: 'RSA', hash: 'sha384', isPss: true },
  PS512: { kty: 'RSA', hash: 'sha512', isPss: true },
  ES256: { kty: 'EC', hash: 'sha256', crv: 'P-256' },
  ES384: { kty: 'EC', hash: 'sha384', crv: 'P-384' },
  ES512: { kty: 'EC', hash: 'sha512', crv: 'P-521' },
  EdDSA: { kty: 'OKP', hash: null, crv: 'Ed25519' },
  HS256: { kty: 'oct', hash: 'sha256', bits: 256 },
  HS384: { kty: 'oct', hash: 'sha384', bits: 384 },
  HS512: { kty: 'oct', hash: 'sha512', bits: 512 },
};

export const ALGORITHM_NAMES = Object.keys(ALGORITHMS);

/**
 * @param {string} alg
 * @returns {DevelopmentKey} a new private key or secret
 */
export function generateKey(alg) {
  const { kty, bits = 0 } = algorithm(alg);
  if (kty === 'oct') {
    // Without `kid`: a shared secret in a file has none. The secret is text,
    // so that its file survives editors and a line break at the end.
    const secret = randomBytes(bits / 8).toString('base64url');
    return { kty, alg, use: 'sig', k: Buffer.from(secret).toString('base64url') };
  }
  const jwk = createPrivateKey(generatePem(alg)).export({ format: 'jwk' });
  return { kty, kid: thumbprint(jwk), alg, use: 'sig', ...jwk };
}

/**
 * By way of PEM: a `KeyObject` that comes out of `generateKeyPairSync` shares a lock with the job that
 * generated it. In Node.js 20 `export` waits for ever if a garbage collection during it finds that job.
 *
 * @param {string} alg
 * @returns {string}
 */
function generatePem(alg) {
  const { kty, crv } = algorithm(alg);
  const encodings = /** @type {const} */ ({
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const pair =
    kty === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS, ...encodings })
      : kty === 'EC'
        ? generateKeyPairSync('ec', { namedCurve: String(crv), ...encodings })
        : generateKeyPairSync('ed25519', encodings);
  return String(pair.privateKey);
}

/**
 * @param {unknown} jwk what a file held
 * @returns {DevelopmentKey}
 * @throws {Error} where tokens cannot be signed with it
 */
export function parseKey(jwk) {
  if (typeof jwk !== 'object' || jwk === null) throw new Error('a private JWK is a JSON object');
  const { kty, alg, kid, d, k } = /** @type {Record<string, unknown>} */ (jwk);
  if (typeof alg !== 'string') throw new Error('the JWK has no `alg`, such as `RS256`');
  if (algorithm(alg).kty !== kty) throw new Error(`\`alg\` \`${alg}\` does not suit its \`kty\``);
  if (kty !== 'oct' && typeof kid !== 'string') throw new Error('the JWK has no `kid`');
  if (typeof (kty === 'oct' ? k : d) !== 'string') throw new Error('the JWK has no private part');
  return /** @type {DevelopmentKey} */ (jwk);
}

/**
 * @param {DevelopmentKey} key
 * @returns {{ keys: object[] }} the JWK Set (RFC 7517 section 5) with the public half
 * @throws {Error} for a secret, which has none
 */
export function publicKeySet({ kty, kid, alg, n, e, crv, x, y }) {
  if (kty === 'oct') throw new Error('a secret has no public half');
  const numbers = kty === 'RSA' ? { n, e } : kty === 'EC' ? { crv, x, y } : { crv, x };
  return { keys: [{ kty, kid, alg, use: 'sig', ...numbers }] };
}

/**
 * @param {DevelopmentKey} key
 * @returns {string} the bare text of a secret
 * @throws {Error} for a key pair
 */
export function secretText({ kty, k }) {
  if (kty !== 'oct') throw new Error('a key pair has no shared secret');
  return Buffer.from(k ?? '', 'base64url').toString();
}

/**
 * @param {DevelopmentKey} key
 * @param {Record<string, unknown>} claims
 * @param {string} [typ]
 * @returns {string} JWS Compact Serialization (RFC 7515 section 7.1)
 */
export function signToken(key, claims, typ = 'JWT') {
  const header = { alg: key.alg, typ, ...(key.kid === undefined ? {} : { kid: key.kid }) };
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = signatureOver(Buffer.from(input), key);
  return `${input}.${signature.toString('base64url')}`;
}

/** @type {(input: Buffer, key: DevelopmentKey) => Buffer} */
function signatureOver(input, key) {
  const { kty, hash, isPss = false } = algorithm(key.alg);
  if (kty === 'oct') {
    return createHmac(String(hash), Buffer.from(key.k ?? '', 'base64url')).update(input).digest();
  }
  const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;
  // RFC 7518 section 3.4: r and s side by side, not as DER; section 3.5: a salt as long as the hash.
  return sign(hash, input, {
    key: createPrivateKey({ key, format: 'jwk' }),
    ...(kty === 'EC' ? { dsaEncoding: 'ieee-p1363' } : {}),
    ...(isPss ? { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST } : {}),
  });
}

/** @type {(name: string) => Algorithm} */
function algorithm(name) {
  const found = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  if (found) return found;
  throw new Error(`algorithm \`${name}\` is not one of ${ALGORITHM_NAMES.join(', ')}`);
}

/** @type {(value: object) => string} */
function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * RFC 7638 section 3, RFC 8037 section 2: of the members that make the key, in alphabetical order.
 *
 * @param {import('node:crypto').JsonWebKey} jwk
 * @returns {string}
 */
function thumbprint({ crv, e, kty, n, x, y }) {
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
}
