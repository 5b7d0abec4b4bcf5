// Files of users, groups and departments behind an Amazon Cognito user pool, and an app of its own on another host.

import { createHash } from 'node:crypto';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { event, token, write } from '../cases.mjs';

const KEY = generateKey('RS256');
const POOL = {
  iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01',
  client_id: '4l1example',
  token_use: 'access',
};
const alice = { sub: 'alice', 'cognito:groups': ['radiology'], 'custom:department': 'Imaging' };
const admin = { sub: 'root', 'cognito:groups': ['admins', 'contractors'], 'custom:department': 'Imaging' };

/** @type {(uri: string, claims?: Record<string, unknown>, host?: string) => object} */
function asked(uri, claims, host = 'www.files.example') {
  const bearer = claims && { Authorization: `Bearer ${token(KEY, { ...POOL, ...claims })}` };
  return event(uri, { headers: { Host: host, ...bearer } });
}

/** @type {(rule: string) => object} */
const passes = (rule) => ({ decision: 'forward', status: null, code: 'allowed', rule });
/** @type {(rule: string) => object} */
const denied = (rule) => ({ decision: 'respond', status: 403, code: 'policy_denied', rule });

const md5 = (/** @type {string} */ text) => createHash('md5').update(text).digest('hex');
const ADMIN_HOST = 'admin.files.example';

write(
  [
    ['anyone sees public assets', asked('/assets/logo.png'), { decision: 'forward', code: 'public', rule: 'public-assets' }],
    ['a name with a space and an accent', asked('/assets/d%C3%A9j%C3%A0%20vu.png'), { code: 'public' }],

    ['own files', asked('/users/alice/a.pdf', alice), passes('own-files')],
    ["somebody else's files", asked('/users/bob/a.pdf', alice), denied('own-files')],
    ['own files without a token', asked('/users/alice/a.pdf'), { status: 401, code: 'credentials_missing' }],
    ['a name that only begins like it', asked('/users/alice2/a.pdf', alice), denied('own-files')],
    ['a way around by dots', asked('/users/alice/../bob/a.pdf', alice), { status: 400, code: 'request_malformed' }],
    ['a way around by encoded dots', asked('/users/alice/%2e%2e/bob/a.pdf', alice), { status: 400 }],

    ["a group's files", asked('/groups/radiology/1.dcm', alice), passes('group-files')],
    ["another group's files", asked('/groups/cardiology/1.dcm', alice), denied('group-files')],
    ['a token without groups', asked('/groups/radiology/1.dcm', { sub: 'bob' }), denied('group-files')],

    ['a folder by the MD5 of a group', asked(`/shared/${md5('radiology')}/1.dcm`, alice), passes('hashed-group-files')],
    ['by the MD5 of another', asked(`/shared/${md5('cardiology')}/1.dcm`, alice), denied('hashed-group-files')],
    ["by the group's name", asked('/shared/radiology/1.dcm', alice), denied('hashed-group-files')],
    ['by the MD5 in upper case', asked(`/shared/${md5('radiology').toUpperCase()}/1.dcm`, alice), denied('hashed-group-files')],

    ["a custom attribute", asked('/departments/imaging/plan.pdf', alice), passes('department-files')],
    ['another department', asked('/departments/finance/plan.pdf', alice), denied('department-files')],
    ['the department, but a contractor', asked('/departments/imaging/plan.pdf', admin), denied('department-files')],

    ['the app of another host', asked('/users', admin, ADMIN_HOST), passes('admin-app')],
    ['in capitals it is the same host', asked('/users', admin, 'ADMIN.files.example'), passes('admin-app')],
    ['the app is hidden from others', asked('/users', alice, ADMIN_HOST), { status: 404, code: 'policy_denied' }],
    ['and from nobody in particular', asked('/users', undefined, ADMIN_HOST), { status: 404, code: 'credentials_missing' }],
    ['a host with a dot at its end', asked('/users', admin, `${ADMIN_HOST}.`), { status: 400, code: 'request_malformed' }],

    ['a token of another app', asked('/users/alice/a.pdf', { ...alice, client_id: 'other' }), { code: 'audience_mismatch' }],
    ['an ID token', asked('/users/alice/a.pdf', { ...alice, token_use: 'id' }), { status: 401, code: 'token_use_mismatch' }],
    ['what no rule is for', asked('/', alice), { status: 403, code: 'no_rule', rule: null }],
    ['nobody writes', event('/users/alice/a.pdf', { method: 'PUT', headers: { Host: 'a.example' } }), { status: 405 }],
  ],
  { cognito: publicKeySet(KEY) },
);
