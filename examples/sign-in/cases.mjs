// A site that people sign in to. What comes of a sign-in is tried out with `./build.sh serve`; these cases show who is sent there,
// and that a token in a header counts as well.

import { fileURLToPath } from 'node:url';
import { makeCookieKeys } from '../../www-shim/cli/development-sign-in.mjs';
import { readText } from '../../www-shim/cli/files.mjs';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { event, token, write } from '../cases.mjs';

const CONFIG = fileURLToPath(new URL('authorizer.json', import.meta.url));
const KEY = generateKey('RS256');
const PAGE = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', Accept: 'text/html', Host: '127.0.0.1:8080' };
const IMAGE = { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', Accept: 'image/*', Host: '127.0.0.1:8080' };

/** @type {(groups: string[]) => Record<string, string>} */
function signedIn(groups) {
  const claims = { iss: 'http://127.0.0.1:8081', aud: 'pictures', sub: 'alice', groups };
  return { ...IMAGE, Authorization: `Bearer ${token(KEY, claims)}` };
}

makeCookieKeys(CONFIG, readText(CONFIG, 'configuration'));

write(
  [
    ['anyone sees the first page', event('/', { headers: PAGE }), { decision: 'forward', code: 'public', rule: 'home' }],
    ['and its styles', event('/style.css'), { decision: 'forward', code: 'public', rule: 'style' }],
    // Cases are decided without a network, and where to sign in says the provider.
    ['a page needs a session', event('/members/index.html', { headers: PAGE }), { code: 'sign_in_unavailable', rule: 'members' }],
    ['a picture is not sent to sign in', event('/members/hills.svg', { headers: IMAGE }), { status: 401, code: 'credentials_missing' }],
    ['nor is a program', event('/members/hills.svg'), { status: 401, code: 'credentials_missing' }],
    ['a token counts as well', event('/members/hills.svg', { headers: signedIn([]) }), { decision: 'forward', rule: 'members' }],
    ['of the group', event('/groups/radiology/head.svg', { headers: signedIn(['radiology']) }), { decision: 'forward', rule: 'group' }],
    ['not of the group', event('/groups/admins/plan.svg', { headers: signedIn(['radiology']) }), { status: 403, code: 'policy_denied' }],
    ['no rule, no answer', event('/other', { headers: PAGE }), { status: 403, code: 'no_rule' }],
    ['no session, no upload', event('/members/a.svg', { method: 'PUT', headers: PAGE }), { status: 405 }],
  ],
  { dev: publicKeySet(KEY) },
);
