// `pin`: what it fetches, what it says of what it cannot, and its exit code.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { selfSignedCertificate } from './support/certificate.mjs';
import { folderWith } from './support/cli.mjs';
import { freePort } from './support/free-port.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const CLI = fileURLToPath(new URL('../../www-shim/cli.mjs', import.meta.url));
const TLS = selfSignedCertificate({ ip: '127.0.0.1' });
const ALL = ['--all'];

/** Pins the key sets at these URLs, by provider. @type {(t: TestContext, urls: Record<string, string>, options?: string[]) => Promise<any>} */
async function pin(t, urls, options = []) {
  const providers = Object.entries(urls).map(([name, jwksUri]) => {
    return [name, { issuer: `https://${name}.example/`, audience: 'a', algorithms: ['ES256'], jwksUri }];
  });
  const path = folderWith(t, { 'c.json': { ...CONFIGURATION, providers: Object.fromEntries(providers) }, 'trusted.pem': TLS.cert });
  const args = [CLI, 'pin', '--config', path('c.json'), '--out', path('out.json'), ...options];
  // Which certificates to trust is said to Node.js when it starts.
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_EXTRA_CA_CERTS: path('trusted.pem') } });
  const code = new Promise((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr, pinned: Object.keys(JSON.parse(readFileSync(path('out.json'), 'utf8'))) };
}

/** @param {TestContext} t */
async function keyServer(t) {
  return startKeyServer(t, { keys: [generateKey('ES256')], tls: TLS });
}

/** A port at which nobody listens. */
async function nowhere() {
  return `https://127.0.0.1:${await freePort()}/jwks.json`;
}

test('what can be fetched is pinned, and one that cannot is exit code 1 only with `--all`', async (t) => {
  const urls = { here: (await keyServer(t)).url, gone: await nowhere() };
  const stdout = 'here: pinned\ngone: not pinned, fetched when it is needed: no connection (ECONNREFUSED)\n';
  assert.deepEqual(await pin(t, urls), { code: 0, stdout, stderr: '', pinned: ['here'] });
  assert.deepEqual(await pin(t, urls, ALL), { code: 1, stdout, stderr: '', pinned: ['here'] });
  assert.equal((await pin(t, { here: urls.here }, ALL)).code, 0);
});

test('nothing fetched is exit code 1, nothing to fetch is not', async (t) => {
  assert.equal((await pin(t, { gone: await nowhere() })).code, 1);
  const onLoopback = { dev: 'http://127.0.0.1:9/jwks.json' };
  assert.deepEqual(await pin(t, onLoopback, ALL), { code: 0, stdout: '', stderr: '', pinned: [] });
});

test('a provider that answers, but not with keys, is told from one that cannot be reached', async (t) => {
  const server = await keyServer(t);
  server.respond = (_request, response) => void response.writeHead(404).end();
  const missing = await pin(t, { wrong: server.url });
  const hint = 'is its `userPoolId`, `issuer` or `jwksUri` right?';
  const stdout = `wrong: not pinned, it was reached, and answers with status 404 instead of 200; ${hint}\n`;
  assert.deepEqual(missing, { code: 1, stdout, stderr: '', pinned: [] });
  server.respond = (_request, response) => void response.end('{"keys":[]}');
  const empty = await pin(t, { empty: server.url });
  assert.equal(empty.code, 1);
  assert.match(empty.stdout, /^empty: not pinned, what it answers cannot be used: .*; is its `userPoolId`/);
});
