import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { folderWith, run, startServe } from './support/cli.mjs';
import { configurationOnFreePort, exampleFile, exampleJson } from './support/example.mjs';
import { freePort } from './support/free-port.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';
import { ROLE, startVerifier } from './support/sigv4-server.mjs';
import { zipFolderWith } from './support/zip-folder.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/**
 * @typedef {object} Sample
 * @property {number} expected
 * @property {string} line
 * @property {string} url
 * @property {Record<string, string>} headers
 */

const ORIGIN = ['--origin', exampleFile('site')];
const SAMPLES = ['--development-issuer', '--requests', exampleFile('requests.json')];

/**
 * Starts `serve` over the example, and reads the lines that it prints for pasting.
 *
 * @param {TestContext} t
 * @param {...string} args
 */
async function serveExample(t, ...args) {
  const path = folderWith(t, { 'authorizer.json': await configurationOnFreePort() });
  const config = ['--config', path('authorizer.json')];
  const serve = await startServe(t, ...config, ...ORIGIN, ...SAMPLES, ...args);
  const count = exampleJson('requests.json').length;
  await serve.waitFor(new RegExp(`(?:# \\d{3}: [^#]*\\n){${count}}`));
  const samples = [...serve.output().matchAll(/^# (\d{3}): .*\n(curl .*)$/gm)].map(parseSample);
  assert.equal(samples.length, count);
  return { ...serve, samples };
}

/** @type {(match: RegExpMatchArray) => Sample} */
function parseSample([, expected, line = '']) {
  const headers = [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map((found) => found.slice(1, 3));
  const url = /'(http[^']+)'$/.exec(line)?.[1] ?? '';
  return { expected: Number(expected), line, url, headers: Object.fromEntries(headers) };
}

/** @type {(samples: Sample[], expected: number, path: string) => Sample} */
function sampleFor(samples, expected, path) {
  const isMeant = (/** @type {Sample} */ sample) =>
    sample.expected === expected && sample.url.endsWith(path);
  const found = samples.find(isMeant);
  if (!found) throw new Error(`no sample for ${expected} ${path}`);
  return found;
}

/** @type {() => boolean} */
function hasCurl() {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
}

test('the printed lines, pasted, show 200, 401 and 403', { skip: !hasCurl() }, async (t) => {
  const { samples, output } = await serveExample(t);
  for (const { expected, line } of samples) {
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    assert.equal(Number(stdout), expected, line.replace(/eyJ\S+/, '…'));
  }
  assert.deepEqual([...new Set(samples.map(({ expected }) => expected))].sort(), [200, 401, 403]);
  assert.doesNotMatch(output(), /handler: decision/);
});

test('the handler of the zip gives the same answers', async (t) => {
  const configuration = await configurationOnFreePort();
  const folder = zipFolderWith(t, configuration);
  const path = folderWith(t, { 'authorizer.json': configuration });
  const args = ['--config', path('authorizer.json'), '--handler', folder];
  const serve = await startServe(t, ...args, ...ORIGIN, ...SAMPLES);
  await serve.waitFor(/insufficient|scope does not\ncurl .*\n/);
  for (const [, expected, line] of serve.output().matchAll(/^# (\d{3}): .*\n(curl .*)$/gm)) {
    const { url, headers } = parseSample(/** @type {any} */ ([, expected, line]));
    assert.equal((await fetch(url, { headers })).status, Number(expected), new URL(url).pathname);
  }
  await serve.waitFor(/GET .* 403 {2}insufficient_scope .* rule admin/);
});

test('the bytes of the file arrive, and a hit is authorized like a miss', async (t) => {
  const { samples } = await serveExample(t);
  const { url, headers } = sampleFor(samples, 200, '/users/alice/portrait.png');
  const bytes = readFileSync(exampleFile('site/users/alice/portrait.png'));
  for (const cache of ['Miss', 'Hit']) {
    const answer = await fetch(url, { headers });
    assert.equal(answer.headers.get('x-cache'), `${cache} from local edge`);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.ok(bytes.equals(Buffer.from(await answer.arrayBuffer())));
  }
  const refused = await fetch(url);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('x-cache'), 'LambdaGeneratedResponse from local edge');
});

test('a token in the query is in neither the cache key nor the log', async (t) => {
  const { samples, waitFor, output } = await serveExample(t);
  const { url } = samples.find((sample) => sample.url.includes('?token=')) ?? samples[0];
  assert.equal((await fetch(url)).headers.get('x-cache'), 'Miss from local edge');
  const { origin, pathname, search } = new URL(url);
  const again = await fetch(`${origin}${pathname}?${search.slice(1)}&`);
  assert.equal(again.status, 200);
  const header = { Authorization: `Bearer ${search.slice('?token='.length)}` };
  const hit = await fetch(origin + pathname, { headers: header });
  assert.equal(hit.headers.get('x-cache'), 'Hit from local edge');
  await waitFor(/cache hit/);
  const log = output().slice(output().lastIndexOf('curl ')).split('\n').slice(1).join('\n');
  assert.ok(/200 {2}allowed .* rule own-files/.test(log) && !log.includes('eyJ'));
});

test('without a cache each answer is a miss', async (t) => {
  const { samples } = await serveExample(t, '--no-cache');
  const { url } = sampleFor(samples, 200, '/public/logo.png');
  for (let times = 0; times < 2; times += 1) {
    assert.equal((await fetch(url)).headers.get('x-cache'), 'Miss from local edge');
  }
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  test(`${signal} stops it, and its ports are free again`, async (t) => {
    const { child, ended, output, url } = await serveExample(t);
    child.kill(signal);
    assert.equal(await ended, 0);
    assert.match(output(), /stopped\n$/);
    await assert.rejects(fetch(url));
  });
}

test('a port in use is a clear error', async (t) => {
  const { url } = await serveExample(t);
  const path = folderWith(t, { 'authorizer.json': CONFIGURATION });
  const { port } = new URL(url);
  const args = ['--config', path('authorizer.json'), ...ORIGIN, '--port', port];
  const { code, stderr } = await run('serve', ...args);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`local edge: port ${port} is in use; .* with \`--port\``));
});

test("an issuer's port in use is a clear error as well", async (t) => {
  const { url } = await serveExample(t);
  const text = JSON.stringify(CONFIGURATION).replaceAll('https://issuer.example', url);
  const path = folderWith(t, { 'authorizer.json': text });
  const args = ['--config', path('authorizer.json'), ...ORIGIN, '--development-issuer'];
  const { code, stderr } = await run('serve', ...args, '--port', '0');
  assert.equal(code, 1);
  assert.match(stderr, /development issuer: port \d+ is in use; .*its address is the `jwksUri`/);
});

test('a key that is kept makes further tokens, and outlives a restart', async (t) => {
  const path = folderWith(t, { 'authorizer.json': await configurationOnFreePort() });
  const args = ['--config', path('authorizer.json'), ...ORIGIN, '--development-issuer'];
  const { issuer } = JSON.parse(readFileSync(path('authorizer.json'), 'utf8')).providers.dev;
  for (const start of ['first', 'second']) {
    const { url, child, ended } = await startServe(t, ...args, '--key', path('key.json'));
    assert.equal(statSync(path('key.json')).mode & 0o777, 0o600);
    const claims = ['--issuer', issuer, '--audience', 'images', '--subject', 'bob'];
    const { stdout } = await run('token', '--key', path('key.json'), ...claims);
    const headers = { Authorization: `Bearer ${stdout.trim()}` };
    const { status } = await fetch(`${url}/users/bob/portrait.png`, { headers });
    assert.equal(status, 200, start);
    child.kill('SIGTERM');
    await ended;
  }
});

test('a kept key for another algorithm is refused', async (t) => {
  const path = folderWith(t, { 'authorizer.json': await configurationOnFreePort() });
  await run('keygen', '--alg', 'RS512', '--out', path('key.json'));
  const args = ['--config', path('authorizer.json'), ...ORIGIN, '--development-issuer'];
  const { code, stderr } = await run('serve', ...args, '--key', path('key.json'));
  assert.equal(code, 1);
  assert.match(stderr, /provider `dev` takes RS256, but the key is for RS512/);
});

test('without a development issuer, lines that need a token say so', async (t) => {
  const path = folderWith(t, { 'authorizer.json': CONFIGURATION });
  const serve = await startServe(t, '--config', path('authorizer.json'), ...ORIGIN, ...SAMPLES);
  await serve.waitFor(/# \(needs a token, and there is no key to sign it\)/);
  assert.match(serve.output(), /^issuer +none: no provider has a `jwksUri` with http on loop/m);
});

test('a configuration with errors is not served', async (t) => {
  const path = folderWith(t, { 'authorizer.json': { ...CONFIGURATION, ruls: [] } });
  const { code, stderr } = await run('serve', '--config', path('authorizer.json'), ...ORIGIN);
  assert.equal(code, 1);
  assert.match(stderr, /authorizer\.json:1:\d+: error: .*ruls.*`rules`/);
});

/** @type {[string, string[], number, RegExp][]} */
const MISTAKES = [
  ['an origin that is no folder', ['--origin', 'none'], 1, /origin `none` is not a folder/],
  ['an origin of another scheme', ['--origin', 'ftp://a'], 1, /is neither a folder nor an http/],
  ['no origin', [], 2, /option `--origin FOLDER\|URL` is missing/],
  ['another cache key', [...ORIGIN, '--cache-key', 'all'], 2, /`--cache-key` takes `path` or/],
  ['a handler that is none', [...ORIGIN, '--handler', 'none'], 1, /has no `index\.mjs`; unpack/],
  ['requests that are none', [...ORIGIN, '--requests', 'none'], 1, /cannot read requests `none`/],
];
for (const [title, args, exitCode, message] of MISTAKES) {
  test(`refused: ${title}`, async (t) => {
    const path = folderWith(t, { 'authorizer.json': CONFIGURATION });
    const port = String(await freePort());
    const common = ['--config', path('authorizer.json'), '--port', port];
    const { code, stderr } = await run('serve', ...common, ...args);
    assert.equal(code, exitCode);
    assert.match(stderr, message);
  });
}

test('a requests file with a mistake names the entry', async (t) => {
  for (const [entries, message] of /** @type {[unknown, RegExp][]} */ ([
    [{}, /must be a list of requests/],
    [[{ title: 'a', path: '/', expect: 200 }, {}], /entry 2 has no `title`/],
    [[{ title: 'a', path: '/a b', expect: 200 }], /entry 1 has no `path`/],
    [[{ title: 'a', path: '/', expect: 'ok' }], /entry 1 has no `expect`/],
    [[{ title: 'a', path: '/', expect: 200, tokenIn: 'body' }], /entry 1 has a `tokenIn`/],
  ])) {
    const path = folderWith(t, { 'authorizer.json': CONFIGURATION, 'r.json': entries });
    const args = ['--config', path('authorizer.json'), ...ORIGIN, '--requests', path('r.json')];
    const { code, stderr } = await run('serve', ...args);
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
});

test('a configuration that signs is not served over a folder, which takes no signature', async (t) => {
  const configuration = { ...CONFIGURATION, forward: { sign: { service: 's3' } } };
  const path = folderWith(t, { 'authorizer.json': configuration });
  const { code, stderr } = await run('serve', '--config', path('authorizer.json'), ...ORIGIN, '--port', '0');
  assert.equal(code, 2);
  assert.match(stderr, /`forward\.sign` is for an origin with a URL: name one with `--origin URL`/);
});

test('a configuration that signs is served with the function at origin-request, too', async (t) => {
  Object.assign(process.env, ROLE);
  t.after(() => Object.keys(ROLE).forEach((name) => delete process.env[name]));
  // The command has the clock of the machine, and so has the server here.
  const service = 'execute-api';
  const verifier = await startVerifier(t, { service, region: 'us-east-1', now: Date.now() / 1000 });
  const configuration = { ...CONFIGURATION, forward: { sign: { service, region: 'us-east-1' } } };
  const config = folderWith(t, { 'authorizer.json': configuration })('authorizer.json');
  const serve = await startServe(t, '--config', config, '--origin', verifier.url);
  const { status } = await fetch(`${serve.url}/public/a.png`);
  const body = verifier.requests[0]?.problem;
  assert.deepEqual([status, body], [200, undefined]);
});
