// Who gets a place to upload an avatar to.

import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { event, NOW, token, write } from '../cases.mjs';

const KEY = generateKey('RS256');
const CLAIMS = {
  iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01',
  client_id: '4l1example',
  token_use: 'access',
  sub: '6f1c9a52-0b0e-4b0d-9d5e-5a7f1f0c2d11',
};
const UPLOAD = '/avatars/key_upload';
const APP = { Origin: 'https://app.example.com' };

/** @type {(query: string, claims?: Record<string, unknown>) => object} */
function asked(query, claims) {
  const bearer = claims && { Authorization: `Bearer ${token(KEY, claims)}` };
  return event(UPLOAD, { query, headers: { ...APP, ...bearer } });
}

/** @type {(method: string, origin?: string) => object} */
function preflight(method, origin = APP.Origin) {
  const headers = { Origin: origin, 'Access-Control-Request-Method': method };
  return event(UPLOAD, { method: 'OPTIONS', headers });
}

// The place itself needs the credentials of the function's role: `explain` takes them from the environment.
const hasRole = process.env.AWS_ACCESS_KEY_ID && process.env.AWS_SECRET_ACCESS_KEY;
const PLACE = hasRole ? { status: 200, code: 'upload_signed' } : { status: 503, code: 'secrets_unavailable' };

write(
  [
    ['a place for a picture', asked('extension=png', CLAIMS), { ...PLACE, rule: 'avatar-upload' }],
    ['a type that is not on the list', asked('extension=svg', CLAIMS), { status: 415, code: 'upload_refused' }],
    ['an extension that leads elsewhere', asked('extension=..%2Fx.png', CLAIMS), { status: 415, code: 'upload_refused' }],
    ['no extension', asked('', CLAIMS), { status: 400, code: 'request_malformed' }],
    ['two extensions', asked('extension=png&extension=jpg', CLAIMS), { status: 400, code: 'request_malformed' }],
    ['no token', asked('extension=png'), { status: 401, code: 'credentials_missing' }],
    ['an ID token', asked('extension=png', { ...CLAIMS, token_use: 'id' }), { status: 401, code: 'token_use_mismatch' }],
    ['a token that ended', asked('extension=png', { ...CLAIMS, exp: NOW }), { status: 401, code: 'token_expired' }],
    ['a subject that is a path', asked('extension=png', { ...CLAIMS, sub: '../admin' }), { status: 403, code: 'policy_denied' }],
    ['a preflight of the app', preflight('POST'), { status: 204, code: 'cors_preflight' }],
    ['a preflight of somebody else', preflight('POST', 'https://evil.example'), { status: 405, code: 'method_not_allowed' }],
    ['everybody sees avatars', event('/avatars/alice.png'), { decision: 'forward', code: 'public', rule: 'avatars' }],
    ['nobody deletes', event(UPLOAD, { method: 'DELETE' }), { status: 405, code: 'method_not_allowed' }],
  ],
  { cognito: publicKeySet(KEY) },
);
