import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign as signWithKey,
} from 'node:crypto';

/** @typedef {import('node:crypto').KeyObject} KeyObject */
/** @typedef {'rsa' | 'pss' | 'ec' | 'ed' | 'hmac'} Kind */
/** @typedef {{ publicKey: KeyObject, privateKey: KeyObject }} KeyPair */
/** @typedef {Record<string, unknown>} Jwk */

/** @type {Record<string, { kind: Kind, hash: string, curve?: string }>} */
export const ALGORITHMS = {
  RS256: { kind: 'rsa', hash: 'sha256' },
  RS384: { kind: 'rsa', hash: 'sha384' },
  RS512: { kind: 'rsa', hash: 'sha512' },
  PS256: { kind: 'pss', hash: 'sha256' },
  PS384: { kind: 'pss', hash: 'sha384' },
  PS512: { kind: 'pss', hash: 'sha512' },
  ES256: { kind: 'ec', hash: 'sha256', curve: 'P-256' },
  ES384: { kind: 'ec', hash: 'sha384', curve: 'P-384' },
  EdDSA: { kind: 'ed', hash: 'sha512' },
  HS256: { kind: 'hmac', hash: 'sha256' },
  HS384: { kind: 'hmac', hash: 'sha384' },
  HS512: { kind: 'hmac', hash: 'sha512' },
};

export const ALL = Object.keys(ALGORITHMS);
export const PUBLIC = ALL.filter((name) => ALGORITHMS[name].kind !== 'hmac');

/** @param {Kind[]} kinds */
export function algorithmsOf(...kinds) {
  return ALL.filter((name) => kinds.includes(ALGORITHMS[name].kind));
}

/**
 * The keys of one run. They are new in each: a verdict that depends on them would be an error of
 * its own.
 */
export class Keys {
  #pairs = new Map();
  #secrets = Object.fromEntries(ALL.map((name) => [name, randomBytes(64)]));

  /** @param {string} algorithm */
  pair(algorithm) {
    return this.#pair('issuer', algorithm);
  }

  /**
   * A key of the same type that is in no key set.
   *
   * @param {string} algorithm
   */
  stranger(algorithm) {
    return this.#pair('stranger', algorithm);
  }

  /**
   * @param {string} algorithm
   * @returns {Buffer}
   */
  secret(algorithm) {
    return this.#secrets[algorithm];
  }

  /**
   * The public key as the issuer publishes it.
   *
   * @param {string} algorithm
   * @returns {Jwk}
   */
  jwk(algorithm) {
    const jwk = this.pair(algorithm).publicKey.export({ format: 'jwk' });
    return { ...jwk, kid: keyId(algorithm), alg: algorithm, use: 'sig' };
  }

  /**
   * @param {string} algorithm
   * @param {string} input
   */
  sign(algorithm, input) {
    return ALGORITHMS[algorithm].kind === 'hmac'
      ? hmac(algorithm, this.secret(algorithm), input)
      : sign(algorithm, this.pair(algorithm).privateKey, input);
  }

  /**
   * The three hash functions of RS and of PS share a key: generating one takes long.
   *
   * @param {string} owner
   * @param {string} algorithm
   * @returns {KeyPair}
   */
  #pair(owner, algorithm) {
    const { kind, curve } = ALGORITHMS[algorithm];
    const name = `${owner} ${kind} ${curve ?? ''}`;
    const pair = this.#pairs.get(name) ?? generate(algorithm);
    this.#pairs.set(name, pair);
    return pair;
  }
}

/** @param {string} algorithm */
export function keyId(algorithm) {
  return `Key-${algorithm}`;
}

/**
 * @param {string} algorithm
 * @param {KeyObject} key
 * @param {string} input
 * @param {number} [saltLength] for PS, instead of the length of the hash
 */
export function sign(algorithm, key, input, saltLength = constants.RSA_PSS_SALTLEN_DIGEST) {
  const { kind, hash } = ALGORITHMS[algorithm];
  const data = Buffer.from(input);
  switch (kind) {
    case 'rsa':
      return signWithKey(hash, data, { key, padding: constants.RSA_PKCS1_PADDING });
    case 'pss':
      return signWithKey(hash, data, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength,
      });
    case 'ec':
      return signWithKey(hash, data, { key, dsaEncoding: 'ieee-p1363' });
    default:
      return signWithKey(null, data, key);
  }
}

/**
 * @param {string} algorithm
 * @param {Buffer | string} secret
 * @param {string} input
 */
export function hmac(algorithm, secret, input) {
  return createHmac(ALGORITHMS[algorithm].hash, secret).update(input).digest();
}

/**
 * By way of PEM: a `KeyObject` that comes out of `generateKeyPairSync` shares a lock with the job that
 * generated it. In Node.js 20 `export` waits for ever if a garbage collection during it finds that job.
 *
 * @param {string} algorithm
 * @returns {KeyPair}
 */
function generate(algorithm) {
  const { privateKey } = generatePem(algorithm);
  // For ed25519 the types name the wrong overload.
  const pem = String(privateKey);
  return { publicKey: createPublicKey(pem), privateKey: createPrivateKey(pem) };
}

/** @param {string} algorithm */
function generatePem(algorithm) {
  const { kind, curve } = ALGORITHMS[algorithm];
  const encoding = {
    publicKeyEncoding: /** @type {const} */ ({ type: 'spki', format: 'pem' }),
    privateKeyEncoding: /** @type {const} */ ({ type: 'pkcs8', format: 'pem' }),
  };
  if (kind === 'ec') {
    return generateKeyPairSync('ec', { namedCurve: String(curve), ...encoding });
  }
  return kind === 'ed'
    ? generateKeyPairSync('ed25519', encoding)
    : generateKeyPairSync('rsa', { modulusLength: 2048, ...encoding });
}
