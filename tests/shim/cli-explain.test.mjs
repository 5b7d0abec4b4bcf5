import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usesColor } from '../../www-shim/cli/color.mjs';
import { explanationText } from '../../www-shim/cli/explanation.mjs';
import { generateKey, publicKeySet, signToken } from '../../www-shim/edge/development-keys.mjs';
import { validateViewerRequestResult } from '../../www-shim/edge/validate.mjs';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION, NOW, claimsFor, viewerEvent } from './support/viewer-event.mjs';

const key = generateKey('RS256');
const bearer = { Authorization: `Bearer ${signToken(key, claimsFor('alice'))}` };

/**
 * @param {import('node:test').TestContext} t
 * @param {unknown} event
 * @param {{ args?: string[], keys?: unknown }} [options]
 */
function explain(t, event, { args = ['--json'], keys = { dev: publicKeySet(key) } } = {}) {
  const path = folderWith(t, { 'c.json': CONFIGURATION, 'e.json': event, 'k.json': keys });
  const files = ['--config', path('c.json'), '--event', path('e.json'), '--keys', path('k.json')];
  return run('explain', ...files, '--now', String(NOW), ...args);
}

test('a request that may pass: one JSON object with the edited request', async (t) => {
  const headers = { ...bearer, 'X-User': 'forged', Accept: 'image/png' };
  const event = viewerEvent('/users/alice/%C3%A9.png', { headers, querystring: 'a=1' });
  const { code, stdout, stderr } = await explain(t, event);
  assert.deepEqual([code, stderr], [0, '']);
  const { result, ...decision } = JSON.parse(stdout);
  assert.deepEqual(Object.entries(decision), [
    ['name', null],
    ['decision', 'forward'],
    ['status', null],
    ['code', 'allowed'],
    ['rule', 'own-files'],
  ]);
  assert.deepEqual(Object.keys(result.headers).sort(), ['accept', 'host', 'x-user']);
  assert.equal(result.headers['x-user'][0].value, 'alice');
  assert.deepEqual([result.uri, result.querystring], ['/users/alice/%C3%A9.png', 'a=1']);
  const original = viewerEvent('/users/alice/%C3%A9.png').Records[0]?.cf.request;
  assert.deepEqual(original && validateViewerRequestResult(original, result), []);
});

test('a request that may not pass: one JSON object with the response', async (t) => {
  const { code, stdout } = await explain(t, viewerEvent('/users/bob/a.png', { headers: bearer }));
  const { result, ...decision } = JSON.parse(stdout);
  assert.equal(code, 0);
  assert.deepEqual(decision, {
    name: null,
    decision: 'respond',
    status: 403,
    code: 'policy_denied',
    rule: 'own-files',
  });
  assert.equal(String(result.status), '403');
  assert.equal(result.headers['cache-control'][0].value, 'no-store');
});

test('time is what was given', async (t) => {
  const event = viewerEvent('/users/alice/a.png', { headers: bearer });
  const { stdout } = await explain(t, event, { args: ['--json', '--now', String(NOW + 3600)] });
  assert.equal(JSON.parse(stdout).code, 'token_expired');
});

test('without keys the answer is the one of a provider that cannot be reached', async (t) => {
  const event = viewerEvent('/users/alice/a.png', { headers: bearer });
  const { stdout, stderr } = await explain(t, event, { keys: {} });
  const { decision, status, code } = JSON.parse(stdout);
  assert.deepEqual([decision, status, code], ['respond', 503, 'keys_unavailable']);
  assert.match(stderr, /hand it the key set with `--keys FILE`/);
});

test('what `pin` has written is taken for keys', async (t) => {
  const event = viewerEvent('/users/alice/a.png', { headers: bearer });
  const pinned = { jwksUri: 'https://issuer.example/jwks.json', jwks: publicKeySet(key), fetchedAt: NOW - 86_400 };
  const { stdout, stderr } = await explain(t, event, { keys: { dev: pinned } });
  assert.deepEqual([JSON.parse(stdout).code, stderr], ['allowed', '']);
});

test('keys of a provider that is not configured, or no keys at all, are said', async (t) => {
  const event = viewerEvent('/public/a.png');
  const unknown = await explain(t, event, { keys: { dve: publicKeySet(key) } });
  assert.match(unknown.stderr, /the keys of `dve` are not used: no provider is called `dve`/);
  assert.equal(JSON.parse(unknown.stdout).decision, 'forward');
  const bare = await explain(t, event, { keys: publicKeySet(key) });
  assert.match(bare.stderr, /^`keys` is one JWK Set: it has to stand below the name of its provider/);
  // Nor is it said that others have to be fetched.
  const withToken = await explain(t, viewerEvent('/users/alice/a.png', { headers: bearer }), { keys: publicKeySet(key) });
  assert.equal(JSON.parse(withToken.stdout).code, 'keys_unavailable');
  assert.equal(withToken.stderr, bare.stderr);
  const list = await explain(t, event, { keys: [] });
  assert.equal(list.code, 1);
  assert.match(list.stderr, /`keys` must be an object of JWK Sets by provider name/);
});

for (const [title, event] of /** @type {[string, unknown][]} */ ([
  ['null', null],
  ['a number', 7],
  ['no records', { Records: [] }],
  ['no request', { Records: [{ cf: {} }] }],
  ['a uri that is no string', { Records: [{ cf: { request: { method: 'GET', uri: 7 } } }] }],
])) {
  test(`an event of ${title} is a 503, in JSON and in text`, async (t) => {
    const { code, stdout, stderr } = await explain(t, event);
    const { decision, status, code: decisionCode, result } = JSON.parse(stdout);
    assert.deepEqual([decision, status, decisionCode], ['respond', 503, 'internal']);
    assert.equal(String(result.status), '503');
    assert.equal(code, 0);
    assert.notEqual(stderr, '');
    const text = await explain(t, event, { args: [] });
    assert.match(text.stdout, /^decision {2}respond 503\ncode {6}internal\n/);
  });
}

test('the text says what was decided, and how that came about', async (t) => {
  const event = viewerEvent('/users/bob/a.png', { headers: bearer });
  const { stdout } = await explain(t, event, { args: [] });
  assert.match(stdout, /^decision {2}respond 403\ncode {6}policy_denied\nrule {6}own-files\n/);
  assert.match(stdout, /how it came about\n(?:.*\n)*.*✗ .*\bsub\b.*/);
  assert.ok(!stdout.includes(bearer.Authorization.slice(-20)));
  assert.ok(!stdout.includes('\x1b'));
});

test('the text of a request that may pass is about the request as it came', async (t) => {
  const event = viewerEvent('/users/alice/a.png', { headers: bearer });
  const { stdout } = await explain(t, event, { args: [] });
  assert.match(stdout, /^decision {2}forward\ncode {6}allowed\nrule {6}own-files\n/);
});

test('with --trace the JSON has the record, and without it no member more', async (t) => {
  const event = viewerEvent('/users/bob/a.png', { headers: bearer });
  const { trace, ...rest } = JSON.parse((await explain(t, event, { args: ['--json', '--trace'] })).stdout);
  assert.deepEqual(rest, JSON.parse((await explain(t, event)).stdout));
  assert.deepEqual(Object.keys(rest), ['name', 'decision', 'status', 'code', 'rule', 'result']);
  assert.ok(trace.every((/** @type {any} */ step) => typeof step.text === 'string' && step.depth >= 0));
  assert.ok(trace.some((/** @type {any} */ { outcome, text }) => outcome === 'unmet' && /claim `sub`/.test(text)));
});

test('neither tree nor JSON tells a token, or a claim that the configuration does not name', async (t) => {
  const token = signToken(key, { ...claimsFor('alice'), email: 'alice@private.example' });
  const headers = { Authorization: `Bearer ${token}` };
  for (const uri of ['/users/bob/a.png', '/users/alice/a.png', '/other', '/public/a.png']) {
    const event = viewerEvent(uri, { headers, querystring: `token=${token}` });
    for (const args of [[], ['--json', '--trace']]) {
      const { stdout, stderr } = await explain(t, event, { args });
      for (const part of [...token.split('.').slice(1), 'alice@private.example']) {
        assert.ok(!`${stdout}${stderr}`.includes(part), `${uri} ${args}`);
      }
    }
  }
});

test('the tree has a line down from each step to those below it', () => {
  const steps = [0, 1, 2, 2, 1, 0].map((depth) => /** @type {const} */ ({ depth, outcome: 'met', text: String(depth) }));
  const verdict = /** @type {const} */ ({ decision: 'forward', status: null, code: 'c', rule: null, detail: null, result: {} });
  const tree = explanationText(verdict, steps, false).split('how it came about\n')[1];
  assert.equal(tree, ['  ✓ 0', '  ├─ ✓ 1', '  │  ├─ ✓ 2', '  │  └─ ✓ 2', '  └─ ✓ 1', '  ✓ 0', ''].join('\n'));
});

test('colours are for terminals, unless the environment says otherwise', () => {
  assert.equal(usesColor(true, {}), true);
  assert.equal(usesColor(false, {}), false);
  assert.equal(usesColor(true, { NO_COLOR: '1' }), false);
  assert.equal(usesColor(true, { NO_COLOR: '' }), true);
  assert.equal(usesColor(true, { TERM: 'dumb' }), false);
  assert.equal(usesColor(false, { FORCE_COLOR: '1' }), true);
  assert.equal(usesColor(false, { FORCE_COLOR: '' }), true);
  assert.equal(usesColor(true, { FORCE_COLOR: '0' }), false);
  assert.equal(usesColor(true, { FORCE_COLOR: '1', NO_COLOR: '1' }), false);
});

test('the text is coloured for terminals only, and cannot steer them', () => {
  const step = /** @type {const} */ ({ depth: 1, outcome: 'unmet', text: 'a\x1b[2Jb\u009b' });
  const verdict = /** @type {const} */ ({
    decision: 'forward',
    status: null,
    code: 'allowed',
    rule: 'r\n',
    detail: null,
    result: {},
  });
  const plain = explanationText(verdict, [step], false);
  assert.ok(plain.includes('  └─ ✗ a\\x1b[2Jb\\x9b\n') && plain.includes('rule      r\\x0a\n'));
  assert.ok(explanationText(verdict, [step], true).includes('\x1b[31m✗\x1b[0m'));
});

test('files that are missing or no JSON are errors that name them', async (t) => {
  const path = folderWith(t, { 'c.json': CONFIGURATION, 'broken.json': '{"a":', 'e.json': {} });
  for (const [config, event, message] of /** @type {[string, string, RegExp][]} */ ([
    ['none.json', 'e.json', /cannot read configuration `.*none\.json`: there is no such file/],
    ['c.json', 'none.json', /cannot read event `.*none\.json`/],
    ['c.json', 'broken.json', /event `.*broken\.json` is not JSON/],
    ['broken.json', 'e.json', /configuration `.*broken\.json` cannot be used:\n/],
  ])) {
    const args = ['--config', path(config), '--event', path(event)];
    const { code, stdout, stderr } = await run('explain', ...args);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  }
});
