// Claims as Amazon Cognito puts them into its access tokens: about a kilobyte a token.

import { randomUUID } from 'node:crypto';

import { signToken } from './keys.mjs';

/** @typedef {import('./keys.mjs').SigningKey} SigningKey */

export const USER_POOL = 'us-east-1_Example01';
export const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${USER_POOL}`;
export const CLIENT_ID = '4l1exampleexampleexample1';
export const GROUP = 'viewers';

/** Tokens that many sections need: an hour is longer than any run. */
const LIFETIME_SECONDS = 3600;

/**
 * @param {SigningKey} key
 * @param {Record<string, unknown>} [changes]
 * @returns {string} a token that differs from every other
 */
export function accessToken(key, changes = {}) {
  const now = Math.floor(Date.now() / 1000);
  const user = randomUUID();
  return signToken(key, {
    sub: user,
    'cognito:groups': ['everybody', GROUP, 'us-east-1_Example01_Partner'],
    iss: ISSUER,
    version: 2,
    client_id: CLIENT_ID,
    aud: CLIENT_ID,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: 'access',
    scope: 'openid profile images/read',
    auth_time: now - 60,
    exp: now + LIFETIME_SECONDS,
    iat: now - 60,
    jti: randomUUID(),
    username: user,
    ...changes,
  });
}

/**
 * @param {SigningKey} key
 * @param {number} count
 * @returns {string[]}
 */
export function accessTokens(key, count) {
  return Array.from({ length: count }, () => accessToken(key));
}
