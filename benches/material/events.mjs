// Viewer-request events as CloudFront sends them, as text: Lambda parses one for each call, so that no two calls share
// an object or a string.

import { randomUUID } from 'node:crypto';

/**
 * @param {string} token
 * @param {string} uri
 * @returns {string}
 */
export function eventText(token, uri) {
  const header = (/** @type {string} */ key, /** @type {string} */ value) => [key.toLowerCase(), [{ key, value }]];
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
            headers: Object.fromEntries([
              header('Host', 'images.example'),
              header('User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'),
              header('Accept', 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'),
              header('Accept-Language', 'en-US,en;q=0.5'),
              header('Accept-Encoding', 'gzip, deflate, br, zstd'),
              header('Authorization', `Bearer ${token}`),
              header('Referer', 'https://images.example/gallery'),
              header('Sec-Fetch-Dest', 'image'),
            ]),
            method: 'GET',
            querystring: 'size=large',
            uri,
          },
        },
      },
    ],
  });
}
