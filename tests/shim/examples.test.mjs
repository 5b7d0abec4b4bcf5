// Each configuration in examples/ is right, and decides its cases as they expect.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith, run } from './support/cli.mjs';
import { ROLE } from './support/sigv4-server.mjs';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const NAMES = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

// Some sign with the role of the function.
beforeEach(() => Object.assign(process.env, ROLE));
afterEach(() => Object.keys(ROLE).forEach((name) => delete process.env[name]));

/** The cases of an example: a file of them, or a program that makes them. @type {(folder: URL) => string} */
function casesOf(folder) {
  const file = new URL('cases.jsonl', folder);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const made = spawnSync(process.execPath, [fileURLToPath(new URL('cases.mjs', folder))], { encoding: 'utf8' });
  assert.deepEqual([made.status, made.stderr], [0, '']);
  return made.stdout;
}

for (const { name } of NAMES) {
  const folder = new URL(`${name}/`, EXAMPLES);
  const config = fileURLToPath(new URL('authorizer.json', folder));

  test(`the cases of examples/${name} are decided as they expect`, async (t) => {
    // First, since some make the secret that the configuration names.
    const lines = casesOf(folder);
    const cases = folderWith(t, { 'cases.jsonl': lines })('cases.jsonl');
    const { code, stdout, stderr } = await run('explain', '--config', config, '--cases', cases);
    const count = lines.trimEnd().split('\n').length;
    assert.deepEqual([code, stderr], [0, `${count} cases: ${count} as expected\n`]);
    assert.ok(stdout.split('\n').length > 10, stdout);

    // Keys from loopback and cookies for http are for trying out, and said to be.
    const checked = await run('check', '--config', config);
    assert.equal(checked.code, 0, checked.stdout);
    assert.doesNotMatch(checked.stdout, /: warning: (?!.*: (?:keys from a loopback address|.*: for development only))/);

    // Cases that expect nothing would pass whatever is decided.
    for (const line of lines.trimEnd().split('\n')) {
      assert.ok(Object.keys(JSON.parse(line).expect ?? {}).length > 0, line);
    }
  });
}

/** What becomes of the events of each example; those without a token, since tokens are made for one run. */
const EVENTS = {
  'avatar-upload': { avatar: 'public', preflight: 'cors_preflight', 'without-token': 'credentials_missing' },
  'image-frames': {
    'origin-request-dicom-web': 'signed',
    'origin-request-image-frame': 'generated',
    'origin-request-post': 'signed',
    'viewer-request-without-token': 'credentials_missing',
  },
  images: { public: 'public', 'token-missing': 'credentials_missing' },
  'live-stream': { preflight: 'cors_preflight', 'sign-out': 'cookies_cleared', 'without-token': 'credentials_missing' },
  'query-token': { 'not-a-token': 'token_malformed', trailer: 'public', 'without-token': 'credentials_missing' },
  'sign-in': { home: 'public', 'script-without-session': 'credentials_missing' },
  'team-files': {
    asset: 'public',
    'hidden-app': 'credentials_missing',
    'path-with-dots': 'request_malformed',
    'without-token': 'credentials_missing',
  },
};

for (const { name } of NAMES) {
  test(`examples/${name} has a page about it, and events that are decided`, async () => {
    const folder = new URL(`${name}/`, EXAMPLES);
    assert.ok(existsSync(new URL('README.md', folder)));
    casesOf(folder);
    const decided = [];
    for (const file of readdirSync(new URL('events/', folder)).sort()) {
      const options = ['--config', fileURLToPath(new URL('authorizer.json', folder)), '--now', '1767225600', '--json'];
      const { stdout } = await run('explain', ...options, '--event', fileURLToPath(new URL(`events/${file}`, folder)));
      decided.push([file.replace('.json', ''), JSON.parse(stdout).code]);
    }
    assert.deepEqual(Object.fromEntries(decided), Object.entries(EVENTS).find(([example]) => example === name)?.[1]);
  });
}

test('there are examples', () => {
  assert.ok(NAMES.length >= 3, NAMES.map(({ name }) => name).join());
});

/** Threat 43: a token in the query goes neither into the cache key nor to the origin. */
test('threat 43: examples/query-token takes the token out of the query, for whoever passes', async (t) => {
  const folder = new URL('query-token/', EXAMPLES);
  const config = fileURLToPath(new URL('authorizer.json', folder));
  const lines = casesOf(folder).trimEnd().split('\n').map((line) => JSON.parse(line));
  for (const [name, querystring] of [
    ['with other parameters', 'quality=720'],
    ['with a token as well', ''],
  ]) {
    const { event, now } = lines.find((line) => line.name === name);
    assert.match(event.Records[0].cf.request.querystring, /jwt=/);
    const file = folderWith(t, { 'event.json': event })('event.json');
    const { stdout } = await run('explain', '--config', config, '--event', file, '--now', String(now), '--json');
    assert.equal(JSON.parse(stdout).result.querystring, querystring);
  }
});
