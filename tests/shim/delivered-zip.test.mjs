// The zip as it is delivered: for the bundled example, with the module that was made for it.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey, publicKeySet, signToken } from '../../www-shim/edge/development-keys.mjs';
import { runInFreshProcess } from './support/fresh-process.mjs';
import { viewerEvent } from './support/viewer-event.mjs';
import { emptyFolder } from './support/zip-folder.mjs';

const DELIVERED = process.env.EDGE_AUTHORIZER_DELIVERED_FOLDER;

test('it decides as its configuration says, from a cold start on', async (t) => {
  assert.ok(DELIVERED, 'EDGE_AUTHORIZER_DELIVERED_FOLDER names no unpacked zip; `./build.sh test` sets it');
  const folder = emptyFolder(t);
  cpSync(DELIVERED, folder, { recursive: true });
  const { dev } = JSON.parse(readFileSync(join(folder, 'authorizer.json'), 'utf8')).providers;
  const key = generateKey('RS256');
  const now = Math.floor(Date.now() / 1000);
  writeFileSync(join(folder, 'key-sets.json'), JSON.stringify({ dev: { jwks: publicKeySet(key), fetchedAt: now } }));
  const token = (/** @type {object} */ claims) =>
    signToken(key, { iss: dev.issuer, aud: dev.audience, sub: 'alice', iat: now, exp: now + 600, ...claims });
  const view = (/** @type {string} */ uri, /** @type {object} */ claims) =>
    viewerEvent(uri, { headers: claims === undefined ? {} : { Authorization: `Bearer ${token(claims)}` } });

  /** @type {[any, number][]} */
  const cases = [
    [view('/public/logo.png', /** @type {any} */ (undefined)), 200],
    [view('/users/alice/a.png', {}), 200],
    [view('/users/alice/a.png', {}), 200],
    [view('/users/bob/a.png', {}), 403],
    [view('/users/alice/../bob/a.png', {}), 400],
    [view('/users/alice/a.png', /** @type {any} */ (undefined)), 401],
    [view('/users/alice/a.png', { exp: now - 600 }), 401],
    [view('/users/alice/a.png', { aud: 'other' }), 401],
    [view('/team/red/a.png', { groups: ['red'] }), 200],
    [view('/team/blue/a.png', { groups: ['red'] }), 403],
    [view('/admin/a', { groups: ['admins'], scope: 'images/write' }), 200],
    [view('/admin/a', { groups: ['admins'] }), 403],
    [view('/other', {}), 403],
  ];
  const { results, stderr } = await runInFreshProcess(t, folder, cases.map(([event]) => event));
  const statuses = results.map(({ status }) => Number(status ?? 200));
  assert.deepEqual([stderr, statuses], ['', cases.map(([, status]) => status)]);
});
