import { request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * Sends an edited request to its origin, with what CloudFront adds afterwards.
 *
 * @param {any} request
 * @param {string | Buffer} [body]
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders, text: string }>}
 */
export function sendAsCloudFront({ method, uri, querystring, headers, origin: { custom } }, body) {
  /** @type {Record<string, string[]>} */
  const lines = {};
  for (const [name, entries] of Object.entries(headers)) {
    lines[name] = /** @type {any} */ (entries).map((/** @type {any} */ { value }) => value);
  }
  lines['x-amz-cf-id'] = ['request-id=='];
  lines['x-forwarded-for'] = ['203.0.113.9'];
  const path = custom.path + uri + (querystring === '' ? '' : `?${querystring}`);
  return new Promise((resolve, reject) => {
    // Node.js takes no list for this one.
    const host = String(lines.host);
    const outgoing = send({ host: custom.domainName, port: custom.port, method, path, headers: { ...lines, host } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const { statusCode: status, headers } = response;
      resolve(buffer(response).then((content) => ({ status, headers, text: String(content) })));
    });
    outgoing.end(body);
  });
}
