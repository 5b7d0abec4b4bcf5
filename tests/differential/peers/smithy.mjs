import { SignatureV4 } from '@smithy/signature-v4';

import { Sha256 } from '../../support/sha256.mjs';

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

/**
 * @typedef {object} RequestToSign
 * @property {string} service
 * @property {string} region
 * @property {number} now seconds since 1970
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {string} [sessionToken]
 * @property {string} method
 * @property {string} host
 * @property {string} path
 * @property {string} query
 * @property {string[][]} headers
 * @property {string | Buffer} body
 */

/**
 * The headers of a signed request.
 *
 * @param {RequestToSign} request
 * @returns {Promise<Record<string, string>>}
 */
export async function signWithSmithy(request) {
  /** @type {any} */
  const signed = await signerFor(request).sign(requestOf(request), { signingDate: new Date(request.now * 1000) });
  return signed.headers;
}

/**
 * The query of a presigned request.
 *
 * @param {RequestToSign & { expires: number }} request
 * @returns {Promise<Record<string, string>>}
 */
export async function presignWithSmithy(request) {
  const { headers, ...unsigned } = requestOf(request);
  // What the SDK's presigner for Amazon S3 says of the body. It would go into the query, too, which Amazon S3 does not ask for.
  const payload = request.service === 's3' ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {};
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  /** @type {any} */
  const signed = await signerFor(request).presign(
    { ...unsigned, headers: { ...headers, ...payload } },
    {
      ...{ signingDate: new Date(request.now * 1000), expiresIn: request.expires },
      ...{ unsignableHeaders: new Set(['x-amz-content-sha256']), signableHeaders: new Set(names) },
      unhoistableHeaders: new Set([...names, 'x-amz-content-sha256']),
    },
  );
  return signed.query;
}

/**
 * The signature of a text, as of the policy of a form.
 *
 * @param {string} text
 * @param {Pick<RequestToSign, 'service' | 'region' | 'now' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>} by
 * @returns {Promise<string>}
 */
export function signTextWithSmithy(text, by) {
  return signerFor(by).sign(text, { signingDate: new Date(by.now * 1000) });
}

/** @type {(request: Pick<RequestToSign, 'service' | 'region' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>) => SignatureV4} */
function signerFor({ service, region, accessKeyId, secretAccessKey, sessionToken }) {
  return new SignatureV4({
    ...{ service, region, sha256: /** @type {any} */ (Sha256), applyChecksum: true },
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    // The SDK does the same: Amazon S3 wants its paths encoded once.
    uriEscapePath: service !== 's3',
  });
}

/** @type {(request: RequestToSign) => any} */
function requestOf({ method, host, path, query, headers, body }) {
  return { method, protocol: 'https:', hostname: host, path, query: queryOf(query), headers: Object.fromEntries(headers), body };
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
