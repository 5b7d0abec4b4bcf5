import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { isResponse } from '../../www-shim/edge/validate.mjs';
import { selfSignedCertificate } from './support/certificate.mjs';
import { runInFreshProcess } from './support/fresh-process.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertRefused, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { viewerEvent } from './support/viewer-event.mjs';
import { emptyFolder, zipFolderWith } from './support/zip-folder.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const KEY = generateKey('RS256');
const CERTIFICATE = selfSignedCertificate({ ip: '127.0.0.1' });
const OF_ANOTHER_HOST = selfSignedCertificate({ host: 'keys.example' });

/**
 * Authorizes one request in a process that trusts the server's certificate; which ones to trust is
 * said to Node.js when it starts.
 *
 * @param {TestContext} t
 * @param {{ key: string, cert: string }} tls
 */
async function viewTrusting(t, tls) {
  const server = await startKeyServer(t, { keys: [KEY], tls });
  const file = join(emptyFolder(t), 'trusted.pem');
  writeFileSync(file, tls.cert);
  const now = Math.floor(Date.now() / 1000);
  const token = tokenFor(KEY, 'alice', { iat: now, exp: now + 3600 });
  const event = viewerEvent('/users/alice/a', { headers: { Authorization: `Bearer ${token}` } });
  const folder = zipFolderWith(t, configurationFor(server.url));
  const env = { NODE_EXTRA_CA_CERTS: file };
  const { results, log, stderr } = await runInFreshProcess(t, folder, [event], { env });
  assert.equal(stderr, '');
  return { result: results[0], log, server };
}

test('keys come over https', async (t) => {
  const { result, server } = await viewTrusting(t, CERTIFICATE);
  assert.equal(isResponse(result), false);
  assert.equal(server.fetches, 1);
});

test('a certificate of another host is refused', async (t) => {
  const { result, log } = await viewTrusting(t, OF_ANOTHER_HOST);
  assert.equal(result.status, '503');
  assert.equal(log.last('no key set').detail, 'no connection (ERR_TLS_CERT_ALTNAME_INVALID)');
});

test('a certificate that nobody vouches for is refused', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY], tls: CERTIFICATE });
  const { send, log } = await startHandler({ configuration: configurationFor(server.url) });
  const answer = await send('/users/alice/a.png', { token: tokenFor(KEY) });
  assertRefused(answer, 'keys_unavailable', 503);
  assert.match(log.last('no key set').detail, /^no connection \(\w*SELF_SIGNED_CERT\w*\)$/);
  assert.equal(server.fetches, 1);
  await server.allClosed();
});

test('a server without TLS behind an https address is refused', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const configuration = configurationFor(server.url.replace('http:', 'https:'));
  const { send, log } = await startHandler({ configuration });
  const answer = await send('/users/alice/a.png', { token: tokenFor(KEY) });
  assertRefused(answer, 'keys_unavailable', 503);
  assert.match(log.last('no key set').detail, /^no connection \(/);
  await server.allClosed();
});
