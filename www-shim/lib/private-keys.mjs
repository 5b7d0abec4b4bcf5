import { createRequire } from 'node:module';

/** @typedef {import('node:crypto').KeyObject} KeyObject */

// Not needed without private keys, and not cheap to load.
const crypto = () => /** @type {typeof import('node:crypto')} */ (createRequire(import.meta.url)('node:crypto'));

/**
 * The private keys of CloudFront's key groups. They never enter the WebAssembly module: OpenSSL computes with them in constant
 * time, and with blinding.
 */
export class PrivateKeys {
  /** @type {Map<string, KeyObject>} by their places in the configuration */
  #keys = new Map();

  /**
   * @param {string} name
   * @param {Uint8Array} pem PKCS#1, PKCS#8 or SEC 1
   * @throws {Error} where CloudFront takes no such key; nothing of it is in the message
   */
  set(name, pem) {
    this.#keys.set(name, privateKey(pem));
  }

  /**
   * RSASSA-PKCS1-v1_5, or ECDSA in DER.
   *
   * @param {string} name
   * @param {string} hash
   * @param {string} text
   * @returns {Uint8Array}
   */
  sign(name, hash, text) {
    const key = this.#keys.get(name);
    if (key === undefined) throw new Error(`the private key \`${name}\` is not there`);
    return crypto().sign(hash, Buffer.from(text), key);
  }
}

/**
 * "Specify signers that can create signed URLs and signed cookies" in the CloudFront Developer Guide: RSA with 2048 bits, or
 * ECDSA with P-256.
 *
 * @param {Uint8Array} pem
 * @returns {KeyObject}
 */
function privateKey(pem) {
  let key;
  try {
    key = crypto().createPrivateKey({ key: Buffer.from(pem), format: 'pem' });
  } catch {
    throw new Error('not a private key in PEM, without a passphrase');
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const isKnown =
    (key.asymmetricKeyType === 'rsa' && modulusLength === 2048) ||
    (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1');
  if (!isKnown) throw new Error('CloudFront takes RSA keys of 2048 bits and ECDSA keys on P-256 only');
  return key;
}
