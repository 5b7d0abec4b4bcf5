import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { generateKey, publicKeySet, signToken } from '../../www-shim/edge/development-keys.mjs';
import { folderWith, run, runProcess } from './support/cli.mjs';
import { CONFIGURATION, NOW, claimsFor, viewerEvent } from './support/viewer-event.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const key = generateKey('RS256');
const keys = { dev: publicKeySet(key) };
const bearer = { Authorization: `Bearer ${signToken(key, claimsFor('alice'))}` };
const OWN = viewerEvent('/users/alice/a.png', { headers: bearer });
const PUBLIC = viewerEvent('/public/a.png');

/**
 * @param {TestContext} t
 * @param {unknown[]} lines text as it is, anything else as JSON
 * @param {...string} args
 */
async function decideLines(t, lines, ...args) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const path = folderWith(t, { 'c.json': CONFIGURATION, 'cases.jsonl': text.join('\n') });
  const config = args.includes('--config') ? [] : ['--config', path('c.json')];
  const now = ['--now', String(NOW)];
  const outcome = await run('explain', '--cases', path('cases.jsonl'), ...config, ...now, ...args);
  const decided = outcome.stdout.split('\n').filter(Boolean);
  return { ...outcome, decided, codes: decided.map((line) => JSON.parse(line).code) };
}

test('a line in is a line out, with exactly these keys in this order', async (t) => {
  const { code, stdout, stderr } = await decideLines(t, [
    { name: 'a', event: OWN, keys },
    { name: 'b', event: viewerEvent('/users/bob/a.png', { headers: bearer }), keys },
    '',
    '  ',
    { event: PUBLIC },
  ]);
  assert.deepEqual([code, stderr], [0, '3 cases: 3 without `expect`\n']);
  assert.equal(
    stdout,
    '{"name":"a","decision":"forward","status":null,"code":"allowed","rule":"own-files"}\n' +
      '{"name":"b","decision":"respond","status":403,"code":"policy_denied","rule":"own-files"}\n' +
      '{"name":null,"decision":"forward","status":null,"code":"public","rule":"public"}\n',
  );
});

test('a broken line is a line out as well, the rest goes on, and the exit code is 1', async (t) => {
  const { code, stdout, stderr } = await decideLines(t, [
    '{"name":"not JSON",',
    '[]',
    'null',
    { name: 'no event' },
    { name: 'no request', event: { Records: [{ cf: {} }] } },
    { name: 'uri', event: { Records: [{ cf: { request: { uri: 7 } } }] } },
    { name: 'config', config: { rules: 7 }, event: PUBLIC },
    { name: 'file', config: 'none.json', event: PUBLIC },
    { name: 'keys', keys: 7, event: OWN },
    { name: 'now', now: 'today', event: PUBLIC },
    { name: 'fine', event: PUBLIC },
  ]);
  assert.equal(code, 1);
  const decided = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(decided.pop(), {
    name: 'fine',
    decision: 'forward',
    status: null,
    code: 'public',
    rule: 'public',
  });
  const broken = { decision: 'respond', status: 503, code: 'internal', rule: null };
  const named = ['no event', 'no request', 'uri', 'config', 'file', 'keys', 'now'];
  const names = [null, null, null, ...named];
  assert.deepEqual(decided, names.map((name) => ({ name, ...broken })));
  for (const [index, line] of ['not JSON', 'must be a JSON object'].entries()) {
    assert.match(stderr, new RegExp(`^line ${index + 1}: .*${line}`, 'm'));
  }
  assert.match(stderr, /^line 4: the case has no `event`$/m);
  assert.match(stderr, /^line 8: cannot read configuration `.*none\.json`/m);
  assert.match(stderr, /^line 9: `keys` must be an object/m);
  assert.match(stderr, /^line 10: `now` must be a number/m);
  assert.match(stderr, /\n11 cases: 7 without `expect`, 4 broken\n$/);
});

for (const [what, line] of /** @type {[string, unknown][]} */ ([
  ['is not JSON', '{'],
  ['is no object', '[]'],
  ['is `null`', 'null'],
  ['has no event', { name: 'a' }],
  ['expects something else than it gets, and has no event', { expect: { status: 503 } }],
  ...['expct', 'expected', 'Expect', 'evnt', 'events', 'confg', 'key', 'kyes', 'nwo'].map((key) => [
    `has \`${key}\``,
    { event: PUBLIC, [key]: {} },
  ]),
])) {
  test(`a line that ${what} fails`, async (t) => {
    const { code, stderr, decided } = await decideLines(t, [line, { event: PUBLIC, expect: { code: 'public' } }]);
    assert.deepEqual([code, decided.length], [1, 2]);
    assert.match(stderr, /^line 1: [^]*\n2 cases: 1 as expected, 1 broken\n$/);
  });
}

test('members of its own do not make a case fail, nor does an event that nothing can be decided about', async (t) => {
  const own = { note: 1, notes: 1, comment: 1, id: 1, row: 1, new: 1, not: 1, why: 1, doc: 1, agent: 1, exact: 1, tags: 1, names: 1 };
  const { code, stderr } = await decideLines(t, [
    { ...own, event: PUBLIC, expect: { code: 'public' } },
    { event: null, expect: { status: 503, code: 'internal' } },
    { event: { Records: [] } },
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /\n3 cases: 2 as expected, 1 without `expect`\n$/);
});

test('a file without any case fails', async (t) => {
  for (const lines of [[], ['', '  ']]) {
    const { code, stdout, stderr } = await decideLines(t, lines);
    assert.deepEqual([code, stdout, stderr], [1, '', 'no cases: the file has no line with one\n']);
  }
});

test('one case is one', async (t) => {
  const { code, stderr } = await decideLines(t, [{ event: PUBLIC, expect: { code: 'public' } }]);
  assert.deepEqual([code, stderr], [0, '1 case: 1 as expected\n']);
});

test('a line can bring its configuration, inline or by a path beside the cases', async (t) => {
  const closed = { ...CONFIGURATION, rules: CONFIGURATION.rules.slice(1) };
  const path = folderWith(t, {});
  mkdirSync(path('sub'));
  writeFileSync(path('sub/closed.json'), JSON.stringify(closed));
  const lines = [
    { event: PUBLIC, config: CONFIGURATION },
    { event: PUBLIC, config: closed },
    { event: PUBLIC, config: 'sub/closed.json' },
    { event: PUBLIC },
  ].map((line) => JSON.stringify(line));
  writeFileSync(path('cases.jsonl'), lines.join('\n'));
  const { stdout, stderr } = await run('explain', '--cases', path('cases.jsonl'));
  const codes = stdout.trimEnd().split('\n').map((line) => JSON.parse(line).code);
  assert.deepEqual(codes, ['public', 'no_rule', 'no_rule', 'internal']);
  assert.match(stderr, /line 4: the case has no `config`, and there is no `--config`/);
});

test('keys and time of a line win over those of the command, and stay with the line', async (t) => {
  const other = { dev: publicKeySet(generateKey('RS256')) };
  const path = folderWith(t, { 'k.json': keys });
  const lines = [
    { event: OWN },
    { event: OWN, keys: other },
    { event: OWN, keys: {} },
    { event: OWN, now: NOW + 3600 },
    { event: OWN },
  ];
  const { codes } = await decideLines(t, lines, '--keys', path('k.json'));
  const expected = ['allowed', 'key_not_found', 'keys_unavailable', 'token_expired', 'allowed'];
  assert.deepEqual(codes, expected);
});

test('keys that cannot be used leave a provider without keys', async (t) => {
  const lines = [
    { event: OWN, keys: { dev: { keys: 'none' } } },
    { event: PUBLIC, keys: { dev: null } },
    { event: OWN, keys: { ...keys, other: { keys: [] } } },
  ];
  const { codes, stderr } = await decideLines(t, lines);
  assert.deepEqual(codes, ['keys_unavailable', 'public', 'allowed']);
  assert.match(stderr, /line 1: the keys of `dev` are not used/);
  assert.match(stderr, /line 3: the keys of `other` are not used: no provider is called `other`/);
});

test('what differs from `expect` is named, and is exit code 1', async (t) => {
  const fine = { decision: 'forward', status: null, code: 'public', rule: 'public' };
  const { code, decided, stderr } = await decideLines(t, [
    { name: 'fine', event: PUBLIC, expect: fine },
    { name: 'wrong', event: PUBLIC, expect: { status: 403, code: 'no_rule' } },
    { name: 'typo', event: PUBLIC, expect: { staus: 403 } },
    { name: 'list', event: PUBLIC, expect: 403 },
    { name: 'broken', expect: { status: 503 } },
    '{',
  ]);
  assert.deepEqual([code, decided.length], [1, 6]);
  assert.match(stderr, /^line 2: "wrong": `status` is null, expected 403$/m);
  assert.match(stderr, /^line 2: "wrong": `code` is "public", expected "no_rule"$/m);
  assert.match(stderr, /^line 3: "typo": `expect` holds any of .*, not `staus`$/m);
  assert.match(stderr, /^line 4: "list": `expect` must be an object$/m);
  assert.match(stderr, /^6 cases: 1 as expected, 3 not as expected, 2 broken$/m);
  assert.doesNotMatch(stderr, /"fine"/);
});

test('only a line feed ends a line', async (t) => {
  const { decided, codes } = await decideLines(t, [
    `{"name":"a\u2028b\u2029c","event":${JSON.stringify(PUBLIC)}}\r`,
    { name: 'd', event: PUBLIC },
  ]);
  assert.deepEqual(codes, ['public', 'public']);
  assert.equal(JSON.parse(decided[0] ?? '').name, 'a\u2028b\u2029c');
});

test('more configurations than are kept at a time are all right', async (t) => {
  const lines = Array.from({ length: 100 }, (_, index) => {
    const name = `rule-${index % 50}`;
    const rule = { name, match: { path: '/public/{*rest}' }, allow: 'anyone' };
    return { event: PUBLIC, config: { ...CONFIGURATION, rules: [rule] } };
  });
  const { decided } = await decideLines(t, lines);
  assert.deepEqual(
    decided.map((line) => JSON.parse(line).rule),
    lines.map(({ config }) => config.rules[0]?.name),
  );
});

test('1,000 lines with tokens are decided well within a second', async (t) => {
  const line = JSON.stringify({ name: 'a', event: OWN, keys, expect: { code: 'allowed' } });
  const path = folderWith(t, { 'c.json': CONFIGURATION, 'cases.jsonl': `${line}\n`.repeat(1000) });
  const files = ['--config', path('c.json'), '--cases', path('cases.jsonl')];
  const started = performance.now();
  const { code, stdout } = await runProcess('explain', ...files, '--now', String(NOW));
  const milliseconds = performance.now() - started;
  assert.equal(code, 0);
  assert.equal(stdout.split('\n').length, 1001);
  // Ten times what it takes on a small machine, start included: slow is a mistake, not a busy CPU.
  assert.ok(milliseconds < 10_000, `${milliseconds} ms`);
});

test('a misspelt member of a case is named, a member of its own is not', async (t) => {
  const event = viewerEvent('/public/a.png');
  const { stderr } = await decideLines(t, [
    { name: 'a', config: CONFIGURATION, nwo: 0, event, remark: 'mine', expct: { status: 401 } },
  ]);
  assert.deepEqual(stderr.trim().split('\n'), [
    'line 1: unknown key `nwo`: did you mean `now`?',
    'line 1: unknown key `expct`: did you mean `expect`?',
    '1 case: 1 broken',
  ]);
});

test('what is wrong for many cases is said once', async (t) => {
  const cases = Array.from({ length: 5 }, (_, name) => JSON.stringify({ name, event: {} })).join('\n');
  const path = folderWith(t, { 'cases.jsonl': cases });
  const { stdout, stderr } = await run('explain', '--cases', path('cases.jsonl'));
  assert.equal(stdout.trim().split('\n').length, 5);
  const problem = 'the case has no `config`, and there is no `--config`';
  assert.equal(stderr, `line 1: ${problem}\n5 cases in all: ${problem}\n5 cases: 5 without \`expect\`\n`);
});
