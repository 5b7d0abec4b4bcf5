import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { isDisallowedHeader } from './limits.mjs';

/** @typedef {import('./types.d.ts').CloudFrontHeaders} CloudFrontHeaders */
/** @typedef {import('./types.d.ts').CustomOrigin} CustomOrigin */
/** @typedef {import('./types.d.ts').Origin} Origin */
/** @typedef {import('./types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('./types.d.ts').OriginResponse} OriginResponse */
/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/** "Origin response timeout": CloudFront's default. */
const RESPONSE_TIMEOUT_MILLISECONDS = 30_000;

/**
 * An origin behind another URL, http or https. Its path, if any, is put before the request's path
 * as CloudFront's origin path is. Redirects go to the viewer, as with CloudFront.
 *
 * @param {string} text
 * @returns {Origin & { described: CustomOrigin }}
 * @throws {Error} where the text is not such a URL
 */
export function urlOrigin(text) {
  const base = URL.canParse(text) ? new URL(text) : null;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new Error(`origin \`${text}\` is neither a folder nor an http(s) URL`);
  }
  if (base.username !== '' || base.search !== '' || base.hash !== '') {
    throw new Error(`origin \`${base.origin}\` must be a scheme, a host and perhaps a path`);
  }
  return Object.assign((/** @type {OriginRequest} */ request) => askOrigin(base, request), {
    described: described(base),
  });
}

/** @type {(base: URL) => CustomOrigin} with CloudFront's default times */
function described({ protocol, hostname, port, pathname }) {
  const isTls = protocol === 'https:';
  return {
    customHeaders: {},
    domainName: hostname,
    keepaliveTimeout: 5,
    path: pathname.replace(/\/$/, ''),
    port: Number(port || (isTls ? 443 : 80)),
    protocol: isTls ? 'https' : 'http',
    readTimeout: RESPONSE_TIMEOUT_MILLISECONDS / 1000,
    sslProtocols: ['TLSv1.2'],
  };
}

/** @type {(base: URL, request: OriginRequest) => Promise<OriginResponse>} */
function askOrigin(base, request) {
  const send = base.protocol === 'https:' ? httpsRequest : httpRequest;
  const path = base.pathname.replace(/\/$/, '') + request.uri;
  return new Promise((resolve, reject) => {
    const outgoing = send(base, {
      method: request.method,
      path: request.querystring === '' ? path : `${path}?${request.querystring}`,
      headers: outgoingHeaders(request.headers),
      timeout: RESPONSE_TIMEOUT_MILLISECONDS,
    });
    outgoing.on('response', (incoming) => resolve(originResponse(incoming)));
    outgoing.on('timeout', () => outgoing.destroy(new Error('the origin did not answer in time')));
    outgoing.on('error', reject);
    if (request.body === null || Buffer.isBuffer(request.body)) outgoing.end(request.body ?? undefined);
    else pipeline(request.body, outgoing, (error) => error && reject(error));
  });
}

/** @type {(headers: CloudFrontHeaders) => Record<string, string | string[]>} */
function outgoingHeaders(headers) {
  const outgoing = Object.entries(headers).map(([name, entries]) => {
    const values = entries.map(({ value }) => value);
    // Node.js takes no list for Host.
    return [name, values.length === 1 ? values[0] : values];
  });
  return Object.fromEntries(outgoing);
}

/** @type {(incoming: IncomingMessage) => OriginResponse} */
function originResponse(incoming) {
  /** @type {Record<string, string | string[]>} */
  const headers = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    // "HTTP response headers that CloudFront removes or replaces", and the hop-by-hop ones.
    if (value === undefined || isDisallowedHeader(name) || name === 'transfer-encoding') continue;
    headers[name] = value;
  }
  return { status: incoming.statusCode ?? 502, headers, body: incoming };
}
