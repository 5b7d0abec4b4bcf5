// Course videos with a token of the learning platform in the query, signed with a secret that both sides know.

import { readFileSync, writeFileSync } from 'node:fs';
import { generateKey, secretText } from '../../www-shim/edge/development-keys.mjs';
import { event, NOW, token, write } from '../cases.mjs';

const SECRET_FILE = new URL('secret.txt', import.meta.url);
const KEY = secretKey();
const CLAIMS = { iss: 'https://learn.example', aud: 'videos', sub: 'alice', courses: ['spanish-1', 'spanish-2'] };
const FILE = '/courses/spanish-1/lesson-1.m3u8';

/** The secret beside the configuration; one is made where there is none. */
function secretKey() {
  const key = generateKey('HS256');
  try {
    writeFileSync(SECRET_FILE, `${secretText(key)}\n`, { flag: 'wx', mode: 0o600 });
    return key;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    const k = Buffer.from(readFileSync(SECRET_FILE, 'utf8').trimEnd()).toString('base64url');
    return { ...key, k };
  }
}

/** @type {(uri: string, claims?: Record<string, unknown>, more?: string) => object} */
function asked(uri, claims, more = '') {
  const query = claims ? `jwt=${token(KEY, claims)}${more}` : more;
  return event(uri, { query });
}

const ALLOWED = { decision: 'forward', status: null, code: 'allowed', rule: 'course-video' };

write([
  ['a course that was bought', asked(FILE, CLAIMS), ALLOWED],
  ['with other parameters', asked(FILE, CLAIMS, '&quality=720'), ALLOWED],
  ['a course that was not bought', asked('/courses/french-1/lesson-1.m3u8', CLAIMS), { status: 403, code: 'policy_denied' }],
  ['no token', asked(FILE), { status: 401, code: 'credentials_missing' }],
  ['an empty token', asked(FILE, undefined, 'jwt='), { status: 401, code: 'credentials_missing' }],
  ['not a token', asked(FILE, undefined, 'jwt=abc'), { status: 401, code: 'token_malformed' }],
  ['a token that ended', asked(FILE, { ...CLAIMS, exp: NOW }), { status: 401, code: 'token_expired' }],
  ['a token without end', asked(FILE, { ...CLAIMS, exp: undefined }), { status: 401, code: 'claim_missing' }],
  ['two different tokens', asked(FILE, CLAIMS, `&jwt=${token(KEY, { ...CLAIMS, sub: 'bob' })}`), { status: 400 }],
  [
    'somebody else made the token',
    event(FILE, { query: `jwt=${token(generateKey('HS256'), CLAIMS)}` }),
    { status: 401, code: 'signature_invalid' },
  ],
  ['a token of another platform', asked(FILE, { ...CLAIMS, iss: 'https://other.example' }), { code: 'issuer_unknown' }],
  ['a token in the header is not looked at', event(FILE, { headers: { Authorization: 'Bearer x' } }), { status: 401 }],
  ['anyone sees trailers', asked('/trailers/spanish-1.m3u8'), { decision: 'forward', code: 'public', rule: 'trailers' }],
  ['with a token as well', asked('/trailers/spanish-1.m3u8', CLAIMS), { code: 'public' }],
]);
