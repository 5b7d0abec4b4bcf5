import { createHash, createHmac } from 'node:crypto';

/** SHA-256 by node:crypto, in the form that the signers of the AWS SDK for JavaScript ask for. */
export class Sha256 {
  #hash;

  /** @param {string | Uint8Array} [secret] */
  constructor(secret) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  /** @param {string | Uint8Array} data */
  update(data) {
    this.#hash.update(data);
  }

  async digest() {
    return new Uint8Array(this.#hash.digest());
  }

  reset() {
    throw new Error('not needed');
  }
}
