// Who gets cookies for a live stream, and who ends them.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { event, NOW, token, write } from '../cases.mjs';

const KEY = generateKey('RS256');
const CLAIMS = { iss: 'https://accounts.example.com', aud: 'streams', sub: 'alice', streams: ['concert-1'] };
const WATCH = '/public/concert-1/stream-auth';

makePrivateKey();

/** The private key beside the configuration; one is made where there is none. */
function makePrivateKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    writeFileSync(new URL('private_key.pem', import.meta.url), pem, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}

/** @type {(uri: string, claims?: Record<string, unknown>) => object} */
function asked(uri, claims) {
  const bearer = claims && { Authorization: `Bearer ${token(KEY, claims)}` };
  return event(uri, { headers: { Origin: 'https://app.example.com', ...bearer } });
}

write(
  [
    ['cookies for a stream', asked(WATCH, CLAIMS), { status: 200, code: 'cookies_signed', rule: 'watch' }],
    ['a URL for a player without cookies', asked('/public/concert-1/stream-url', CLAIMS), { status: 200, code: 'url_signed' }],
    ['a stream of others', asked('/public/concert-2/stream-auth', CLAIMS), { status: 403, code: 'policy_denied' }],
    ['all streams at once', asked('/public/*/stream-auth', { ...CLAIMS, streams: ['*'] }), { status: 403, code: 'policy_denied' }],
    ['no token', asked(WATCH), { status: 401, code: 'credentials_missing' }],
    ['a token that ended', asked(WATCH, { ...CLAIMS, exp: NOW }), { status: 401, code: 'token_expired' }],
    ['a token for something else', asked(WATCH, { ...CLAIMS, aud: 'billing' }), { status: 401, code: 'audience_mismatch' }],
    ['signing out', event('/api/signout-stream', { method: 'POST' }), { status: 200, code: 'cookies_cleared', rule: 'stop' }],
    ['signing out by a link', event('/api/signout-stream'), { status: 405, code: 'method_not_allowed' }],
    ['the stream itself is CloudFront\u2019s to check', asked('/concert-1/index.m3u8', CLAIMS), { status: 403, code: 'no_rule' }],
  ],
  { accounts: publicKeySet(KEY) },
);
