import { NOW } from './viewer-event.mjs';

/**
 * @typedef {object} OriginParts
 * @property {string} [method]
 * @property {string} [querystring]
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body] shown by "Include Body"
 * @property {boolean} [inputTruncated]
 * @property {string} [domainName]
 * @property {number} [port]
 * @property {'http' | 'https'} [protocol]
 * @property {string} [path] of the origin
 */

/**
 * An origin-request event with a custom origin.
 *
 * @param {string} uri
 * @param {OriginParts} [parts]
 */
export function originEvent(uri, parts = {}) {
  const { method = 'GET', querystring = '', headers = {}, body, inputTruncated = false } = parts;
  const { domainName = '127.0.0.1', port = 443, protocol = 'https', path = '' } = parts;
  const lines = Object.entries({ Host: domainName, Via: '2.0 x.cloudfront.net (CloudFront)', ...headers });
  const custom = {
    ...{ customHeaders: {}, domainName, keepaliveTimeout: 5, path, port, protocol, readTimeout: 30 },
    sslProtocols: ['TLSv1.2'],
  };
  const shown = { action: 'read-only', data: Buffer.from(body ?? '').toString('base64'), encoding: 'base64', inputTruncated };
  const request = {
    ...{ clientIp: '203.0.113.9', method, uri, querystring, origin: { custom } },
    headers: Object.fromEntries(lines.map(([key, value]) => [key.toLowerCase(), [{ key, value }]])),
    ...(body === undefined && !inputTruncated ? {} : { body: shown }),
  };
  return { Records: [{ cf: { config: { eventType: 'origin-request', requestId: 'request-id==' }, request } }] };
}

/** A configuration that authorizes tokens of `claimsFor` and signs. */
export function signingConfiguration(/** @type {Record<string, unknown>} */ sign) {
  return {
    providers: { dev: { issuer: 'https://issuer.example/', audience: 'images', jwksUri: 'https://issuer.example/jwks.json' } },
    rules: [{ name: 'all', match: { path: '/{*rest}', methods: ['GET', 'POST', 'PUT'] }, allow: 'anyone' }],
    forward: { sign },
    logLevel: 'debug',
  };
}

export { NOW };
