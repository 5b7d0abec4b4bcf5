// Viewer-request events as CloudFront sends them, as text: Lambda parses one for each call, so that no two calls share
// an object or a string.

import { randomUUID } from 'node:crypto';

/**
 * @param {string} token
 * @param {string} uri
 * @returns {string}
 */
export function eventText(token, uri) {
  return eventTextWith({ Authorization: `Bearer ${token}` }, uri);
}

/**
 * @param {Record<string, string>} lines headers that others have not, or have with other values
 * @param {string} uri
 * @param {string} [querystring]
 * @returns {string}
 */
export function eventTextWith(lines, uri, querystring = 'size=large') {
  return JSON.stringify({
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: 'd111111abcdef8.cloudfront.net',
            distributionId: 'EDFDVBD6EXAMPLE',
            eventType: 'viewer-request',
            requestId: randomUUID(),
          },
          request: {
            clientIp: '203.0.113.178',
            headers: headersOf({
              Host: 'images.example',
              'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
              Accept: 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
              'Accept-Language': 'en-US,en;q=0.5',
              'Accept-Encoding': 'gzip, deflate, br, zstd',
              // Somewhere among the others.
              ...lines,
              Referer: 'https://images.example/gallery',
              'Sec-Fetch-Dest': 'image',
              ...lines,
            }),
            method: 'GET',
            querystring,
            uri,
          },
        },
      },
    ],
  });
}

/**
 * An origin-request event, as text.
 *
 * @param {string} domainName of a custom origin
 * @param {string} uri
 * @returns {string}
 */
export function originEventText(domainName, uri) {
  const custom = { customHeaders: {}, domainName, keepaliveTimeout: 5, path: '', port: 443, protocol: 'https', readTimeout: 30 };
  const headers = headersOf({
    Host: domainName,
    Via: '2.0 d111111abcdef8.cloudfront.net (CloudFront)',
    'User-Agent': 'Amazon CloudFront',
    'X-Forwarded-For': '203.0.113.178',
  });
  const origin = { custom: { ...custom, sslProtocols: ['TLSv1.2'] } };
  const request = { clientIp: '203.0.113.178', headers, method: 'GET', origin, querystring: '', uri };
  return JSON.stringify({ Records: [{ cf: { config: { eventType: 'origin-request', requestId: randomUUID() }, request } }] });
}

/** @param {Record<string, string>} lines */
function headersOf(lines) {
  return Object.fromEntries(Object.entries(lines).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]));
}
