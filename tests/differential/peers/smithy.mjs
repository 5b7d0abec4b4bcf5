import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/**
 * @typedef {object} SigningCase a request to the origin
 * @property {string} service
 * @property {string} region
 * @property {number} now seconds since 1970
 * @property {{ accessKeyId: string, secretAccessKey: string, sessionToken?: string }} credentials
 * @property {string} method
 * @property {string} host
 * @property {string} path as it is sent
 * @property {string} query as it is sent
 * @property {string | undefined} contentType
 * @property {Buffer} body
 */

/** SHA-256 in the form that the signer asks for. */
class Sha256 {
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

/**
 * The headers that the signer of the AWS SDK for JavaScript sets.
 *
 * @param {SigningCase} request
 * @returns {Promise<Record<string, string>>}
 */
export async function signWithSmithy({ service, region, now, credentials, method, host, path, query, contentType, body }) {
  const signer = new SignatureV4({
    ...{ service, region, credentials, sha256: /** @type {any} */ (Sha256), applyChecksum: true },
    // The SDK does the same: Amazon S3 wants its paths encoded once.
    uriEscapePath: service !== 's3',
  });
  const headers = { host, ...(contentType === undefined ? {} : { 'content-type': contentType }) };
  const request = { method, protocol: 'https:', hostname: host, path, query: queryOf(query), headers, body };
  /** @type {any} */
  const signed = await signer.sign(/** @type {any} */ (request), { signingDate: new Date(now * 1000) });
  return signed.headers;
}

/**
 * @param {string} query
 * @returns {Record<string, string | string[]>}
 */
function queryOf(query) {
  const parameters = new URLSearchParams(`?${query}`);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? String(values[0]) : values];
    }),
  );
}
