// `explain --get`: a request in words instead of an event.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateKey, publicKeySet, signToken } from '../../www-shim/edge/development-keys.mjs';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION, NOW, claimsFor } from './support/viewer-event.mjs';

const CLI = fileURLToPath(new URL('../../www-shim/cli.mjs', import.meta.url));
const key = generateKey('RS256');
const token = signToken(key, claimsFor('alice'));

/**
 * @param {import('node:test').TestContext} t
 * @param {string[]} args
 * @param {object} [configuration]
 * @param {string} [text] of the token's file
 */
function explain(t, args, configuration = CONFIGURATION, text = `${token}\n`) {
  const path = folderWith(t, { 'c.json': configuration, 'k.json': { dev: publicKeySet(key) }, 'token.txt': text });
  const files = ['--config', path('c.json'), '--keys', path('k.json'), '--now', String(NOW)];
  return run('explain', ...files, ...args.map((arg) => (arg === 'TOKEN' ? path('token.txt') : arg)));
}

/** @type {(t: import('node:test').TestContext, args: string[], configuration?: object) => Promise<any>} */
async function verdict(t, args, configuration) {
  const { code, stdout, stderr } = await explain(t, [...args, '--json'], configuration);
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout);
}

test('a path is decided about like the event of its request, with the same JSON', async (t) => {
  const without = await verdict(t, ['--get', '/users/alice/a.png']);
  assert.deepEqual(Object.keys(without), ['name', 'decision', 'status', 'code', 'rule', 'result']);
  assert.deepEqual([without.status, without.code], [401, 'credentials_missing']);
  const allowed = await verdict(t, ['--get', '/users/alice/a.png?size=1', '--token', 'TOKEN']);
  assert.deepEqual([allowed.decision, allowed.code, allowed.rule], ['forward', 'allowed', 'own-files']);
  assert.deepEqual([allowed.result.uri, allowed.result.querystring], ['/users/alice/a.png', 'size=1']);
  const denied = await verdict(t, ['--get', '/users/bob/a.png', '--token', 'TOKEN']);
  assert.equal(denied.code, 'policy_denied');
  assert.equal((await verdict(t, ['--get', '/users/alice/a.png', '--method', 'DELETE'])).code, 'method_not_allowed');
  // Nothing is normalised.
  assert.equal((await verdict(t, ['--get', '/users/alice/../bob/a.png'])).code, 'request_malformed');
});

test('the token is where the rule that decides looks for it', async (t) => {
  const rules = [{ match: { path: '/users/{user}/{*rest}' }, requires: { claim: 'sub', equals: '{user}' } }];
  for (const sources of [
    [{ query: 't' }],
    [{ cookie: 't' }],
    [{ header: 'X-Token' }],
    [{ header: 'authorization', scheme: 'JWT' }],
    [{ header: 'authorization', scheme: 'Bearer' }, { query: 't' }, { query: 'u' }, { cookie: 'c' }, { cookie: 'd' }],
  ]) {
    const everywhere = { ...CONFIGURATION, token: sources, rules };
    const byRule = { ...CONFIGURATION, rules: [{ match: { path: '/other' }, allow: 'authenticated' }, { ...rules[0], token: sources }] };
    for (const configuration of [everywhere, byRule]) {
      const { code } = await verdict(t, ['--get', '/users/alice/a.png?a=1', '--token', 'TOKEN'], configuration);
      assert.equal(code, 'allowed', JSON.stringify(sources));
    }
  }
});

test('a URL says the host, and a browser asks as one', async (t) => {
  const rules = [{ match: { path: '/{*rest}', host: 'a.example' }, allow: 'anyone' }];
  assert.equal((await verdict(t, ['--get', 'https://a.example/x'], { ...CONFIGURATION, rules })).code, 'public');
  assert.equal((await verdict(t, ['--get', '/x'], { ...CONFIGURATION, rules })).code, 'no_rule');
  assert.match((await verdict(t, ['--get', '/users/alice/a.png', '--browser'])).result.body, /^<!doctype html>/);
  const text = await explain(t, ['--get', '/users/alice/a.png', '--token', 'TOKEN']);
  assert.match(text.stdout, /^decision {2}forward\n(?:.*\n)+how it came about\n/);
});

test('where the function would ask a provider to sign in with, it is said that nobody has', async (t) => {
  const provider = { issuer: 'https://issuer.example', audience: 'c', signIn: { clientId: 'c' } };
  const path = folderWith(t, {
    'c.json': { ...CONFIGURATION, providers: { dev: provider }, signIn: { cookieKey: { file: './cookie-key' } } },
    'cookie-key': 'k'.repeat(32),
  });
  const ask = (/** @type {string[]} */ ...args) => run('explain', '--config', path('c.json'), '--get', '/users/alice/a.png', ...args);
  const asBrowser = await ask('--browser');
  assert.match(asBrowser.stdout, /^code {6}sign_in_unavailable$/m);
  assert.match(asBrowser.stderr, /the function would ask the provider/);
  const asScript = await ask();
  assert.match(asScript.stdout, /^code {6}credentials_missing$/m);
  assert.equal(asScript.stderr, '');
});

test('the token comes from standard input, too', (t) => {
  const path = folderWith(t, { 'c.json': CONFIGURATION, 'k.json': { dev: publicKeySet(key) } });
  const args = ['--config', path('c.json'), '--keys', path('k.json'), '--now', String(NOW), '--get', '/users/alice/a.png', '--token', '-'];
  const { status, stdout } = spawnSync(process.execPath, [CLI, 'explain', ...args], { encoding: 'utf8', input: `${token}\n` });
  assert.equal(status, 0);
  assert.match(stdout, /^decision {2}forward\n/);
});

test('a token on the command line is refused, and not repeated', async (t) => {
  const asQuery = { ...CONFIGURATION, token: [{ query: 't' }] };
  for (const [args, configuration] of /** @type {[string[], object][]} */ ([
    [['--get', '/users/alice/a.png', '--token', token], CONFIGURATION],
    [['--get', `/users/alice/a.png?t=${token}`], asQuery],
  ])) {
    const { code, stdout, stderr } = await explain(t, args, configuration);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /history of the shell/);
    for (const part of token.split('.')) assert.ok(!stderr.includes(part));
  }
});

test('neither text nor JSON tells the token', async (t) => {
  for (const path of ['/users/alice/a.png', '/users/bob/a.png', '/public/a.png', '/nowhere']) {
    for (const args of [[], ['--json', '--trace']]) {
      const { stdout, stderr } = await explain(t, ['--get', path, '--token', 'TOKEN', ...args]);
      for (const part of token.split('.').slice(1)) assert.ok(!`${stdout}${stderr}`.includes(part), path);
    }
  }
});

test('what is not understood is said', async (t) => {
  for (const get of ['images/a.png', '/a b', '/a#b', 'ftp://a.example/b', '/é', 'https://a.example']) {
    const { code, stderr } = await explain(t, ['--get', get]);
    assert.equal(code, 2, get);
    assert.match(stderr, /`--get` takes a path/);
  }
  assert.match((await explain(t, ['--get', '/a', '--method', 'put'])).stderr, /`--method` takes a method such as PUT, not `put`/);
  for (const text of ['', 'a\nb']) {
    const { code, stderr } = await explain(t, ['--get', '/a', '--token', 'TOKEN'], CONFIGURATION, text);
    assert.equal(code, 1);
    assert.match(stderr, /does not hold one token and nothing else/);
  }
  const withScheme = await explain(t, ['--get', '/a', '--token', 'TOKEN'], CONFIGURATION, 'Bearer x.y.z');
  assert.equal(withScheme.code, 1);
  assert.match(withScheme.stderr, /the token alone, without `Bearer `/);
  assert.doesNotMatch(withScheme.stderr, /x\.y\.z/);
  const missing = await explain(t, ['--get', '/a', '--token', 'no-such-file']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /`--token`: there is no such file or folder; it takes a file/);
  // Longer than a file's name may be: the error of the file system repeats it.
  const long = await explain(t, ['--get', '/a', '--token', 'x'.repeat(5000)]);
  assert.equal(long.code, 2);
  assert.doesNotMatch(long.stderr, /xxx/);
});
