// The signer itself, with any headers and in the query, and that of the AWS SDK for JavaScript. The module of the zip signs with
// few headers, and in the query only for uploads; so this asks the crate, by way of its example `sign`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { headersFrom, makeRequests } from './generator/requests.mjs';
import { Random } from './generator/random.mjs';
import { presignWithSmithy, signWithSmithy } from './peers/smithy.mjs';

// EDGE_AUTHORIZER_SEED=… repeats a run.
const SEED = Number(process.env.EDGE_AUTHORIZER_SEED ?? randomInt(2 ** 32));
const REQUESTS = 2000;
const AGAIN = `repeat with EDGE_AUTHORIZER_SEED=${SEED}`;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** @type {(requests: object[]) => any[]} */
function askExample(requests) {
  const args = ['run', '--quiet', '--locked', '--package', 'edge-authorizer-aws', '--example', 'sign'];
  const input = requests.map((request) => JSON.stringify(request)).join('\n');
  const output = execFileSync('cargo', args, { cwd: ROOT, input, maxBuffer: 2 ** 28 });
  return output.toString().trim().split('\n').map((line) => JSON.parse(line));
}

/** Requests in the form that a client sends: Amazon S3's paths are encoded already. */
function requests() {
  const random = new Random(SEED);
  return makeRequests(SEED, REQUESTS).map(({ credentials, contentType: _, body, ...request }) => ({
    ...request,
    ...credentials,
    path: request.service === 's3' ? recoded(request.path) : request.path,
    headers: [['host', request.host], ...headersFrom(random)],
    body: body.toString(),
    expires: 1 + random.below(604_800),
  }));
}

/** @type {(path: string) => string} */
function recoded(path) {
  const each = (/** @type {string} */ part) =>
    encodeURIComponent(decodeURIComponent(part.replaceAll('+', ' '))).replace(/[!'()*]/g, (character) => {
      return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    });
  return path.split('/').map(each).join('/');
}

test('both sign the same in headers', async (t) => {
  const asked = requests().map(({ expires: _, ...request }) => request);
  const answers = askExample(asked);
  for (const [index, request] of asked.entries()) {
    const theirs = await signWithSmithy(request);
    assert.equal(answers[index].headers?.authorization, theirs.authorization, `${AGAIN}: ${JSON.stringify(request)}`);
  }
  t.diagnostic(`seed ${SEED}: ${asked.length} requests`);
});

test('both sign the same in the query', async (t) => {
  const asked = requests();
  const answers = askExample(asked);
  for (const [index, request] of asked.entries()) {
    const theirs = await presignWithSmithy(request);
    assert.equal(answers[index].signature, theirs['X-Amz-Signature'], `${AGAIN}: ${JSON.stringify(request)}`);
    const ours = Object.fromEntries(new URLSearchParams(answers[index].query));
    for (const [name, value] of Object.entries(theirs).filter(([name]) => name.startsWith('X-Amz-'))) {
      assert.equal(ours[name], value, `${AGAIN}: ${name}`);
    }
  }
  t.diagnostic(`seed ${SEED}: ${asked.length} requests`);
});
