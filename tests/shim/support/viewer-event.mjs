/**
 * A viewer-request event.
 *
 * @param {string} uri
 * @param {{ method?: string, querystring?: string, headers?: Record<string, string> }} [request]
 */
export function viewerEvent(uri, { method = 'GET', querystring = '', headers = {} } = {}) {
  const entries = Object.entries({ Host: 'images.example', ...headers });
  const request = {
    clientIp: '203.0.113.9',
    method,
    uri,
    querystring,
    headers: Object.fromEntries(
      entries.map(([key, value]) => [key.toLowerCase(), [{ key, value }]]),
    ),
  };
  return { Records: [{ cf: { config: { requestId: 'r' }, request } }] };
}

/** A configuration whose keys are not in it, for tests that hand them over. */
export const CONFIGURATION = {
  providers: {
    dev: {
      issuer: 'https://issuer.example/',
      audience: 'images',
      jwksUri: 'https://issuer.example/jwks.json',
      algorithms: ['RS256'],
    },
  },
  token: [{ header: 'authorization', scheme: 'Bearer' }, { query: 'token' }],
  rules: [
    { name: 'public', match: { path: '/public/{*rest}' }, allow: 'anyone' },
    {
      name: 'own-files',
      match: { path: '/users/{user}/{*rest}' },
      requires: { claim: 'sub', equals: '{user}' },
    },
  ],
  forward: { stripCredentials: true, claimToHeaders: { 'x-user': 'sub' } },
};

/** The time at which tokens of tests are issued. */
export const NOW = 1_700_000_000;

/** @param {string} sub */
export function claimsFor(sub) {
  return { iss: 'https://issuer.example/', aud: 'images', sub, iat: NOW, exp: NOW + 3600 };
}
