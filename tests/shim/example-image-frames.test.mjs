import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './support/cli.mjs';
import { ROLE } from './support/sigv4-server.mjs';

const file = (/** @type {string} */ name) => fileURLToPath(new URL(`../../examples/image-frames/${name}`, import.meta.url));
const CONFIG = ['--config', file('authorizer.json')];

beforeEach(() => Object.assign(process.env, ROLE));
afterEach(() => Object.keys(ROLE).forEach((name) => delete process.env[name]));

/** @type {(event: string) => Promise<any>} */
async function explained(event) {
  const options = ['--event', file(`events/${event}`), '--now', '1767225600', '--json'];
  const { code, stdout } = await run('explain', ...CONFIG, ...options);
  assert.equal(code, 0);
  return JSON.parse(stdout);
}

test('the image frame example has neither errors nor warnings', async () => {
  const { code, stdout } = await run('check', ...CONFIG);
  assert.deepEqual([code, /no errors, no warnings/.test(stdout)], [0, true], stdout);
});

test('the cases of the image frame example are decided as they expect', async () => {
  const { code, stdout } = await run('explain', ...CONFIG, '--cases', file('cases.jsonl'));
  assert.equal(code, 0, stdout);
  assert.equal(stdout.trim().split('\n').length, 11);
});

test('explain shows signed requests, with credentials from the environment, for a given time', async () => {
  const { decision, status, code, result } = await explained('origin-request-dicom-web.json');
  assert.deepEqual([decision, status, code], ['forward', null, 'signed']);
  assert.match(
    result.headers.authorization[0].value,
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260101\/us-east-1\/medical-imaging\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
  );
  assert.equal(result.headers['x-amz-date'][0].value, '20260101T000000Z');
  assert.equal(result.headers['x-amz-security-token'][0].value, ROLE.AWS_SESSION_TOKEN);
  assert.equal((await explained('origin-request-post.json')).code, 'signed');
  assert.equal((await explained('viewer-request-without-token.json')).code, 'credentials_missing');
});

test('explain shows what the function would fetch', async () => {
  const { decision, code, result } = await explained('origin-request-image-frame.json');
  assert.deepEqual([decision, code, result.fetch.method], ['respond', 'generated', 'POST']);
  assert.match(result.fetch.url, /^https:\/\/runtime-medical-imaging\.us-east-1\.amazonaws\.com\/datastore\/a{32}\//);
  assert.match(result.fetch.headers.authorization, /^AWS4-HMAC-SHA256 /);
});

test('without credentials explain shows the refusal', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  for (const event of readdirSync(file('events')).filter((name) => name.startsWith('origin-'))) {
    assert.equal((await explained(event)).code, 'secrets_unavailable');
  }
});
