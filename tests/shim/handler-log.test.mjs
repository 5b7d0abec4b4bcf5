import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertForwarded, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { UNNAMED_CLAIM, tokenFor } from './support/tokens.mjs';

const KEY = generateKey('RS256');
const TOKEN = tokenFor(KEY);

/**
 * @param {import('node:test').TestContext} t
 * @param {object} [changes] to the configuration
 */
async function start(t, changes = {}) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const configuration = { ...configurationFor(server.url), ...changes };
  return { server, ...(await startHandler({ configuration })) };
}

/** @type {[string | undefined, string[]][]} */
const LEVELS = [
  ['error', ['error']],
  ['info', ['error', 'info']],
  ['debug', ['error', 'info', 'debug']],
  [undefined, ['error', 'info']],
];
const DECISIONS = [
  'error keys_unavailable',
  'debug allowed',
  'debug public',
  'info credentials_missing',
  'info policy_denied',
  'error internal',
];
for (const [logLevel, levels] of LEVELS) {
  test(`which decisions are logged at level ${logLevel ?? 'unset, which is info'}`, async (t) => {
    const { server, send, sendEvent, log, clock } = await start(t, { logLevel });
    server.misbehave = (socket) => socket.destroy();
    await send('/users/alice/a.png', { token: TOKEN });
    server.recover();
    clock.now += 10;
    await send('/users/alice/a.png', { token: TOKEN });
    await send('/public/logo.png');
    await send('/users/alice/a.png');
    await send('/users/bob/a.png', { token: TOKEN });
    await sendEvent(undefined);
    const decisions = log.entriesOf('decision').map(({ level, code }) => `${level} ${code}`);
    const isLogged = (/** @type {string} */ line) => levels.includes(line.split(' ')[0] ?? '');
    assert.deepEqual(decisions, DECISIONS.filter(isLogged));
    assert.equal(log.entriesOf('no key set').length, 1);
    assert.equal(log.entriesOf('key set').length, levels.includes('info') ? 1 : 0);
  });
}

/** @type {[string, string, import('./support/shipped-handler.mjs').ViewerParts, object][]} */
const RECORDS = [
  [
    'a request that passes',
    '/users/alice/a.png',
    { token: TOKEN },
    { level: 'debug', code: 'allowed', rule: 'own-files', provider: 'dev', kid: KEY.kid },
  ],
  [
    'a public request',
    '/public/a.png',
    { token: TOKEN },
    { level: 'debug', code: 'public', rule: 'public', provider: null, kid: null },
  ],
  [
    'a refused token',
    '/users/alice/a.png',
    { token: tokenFor(KEY, 'alice', { exp: 1 }) },
    {
      level: 'info',
      code: 'token_expired',
      status: 401,
      detail: "the token's `exp` has come",
      rule: 'own-files',
      provider: 'dev',
      kid: KEY.kid,
    },
  ],
  [
    'no token',
    '/users/alice/a.png',
    {},
    {
      level: 'info',
      code: 'credentials_missing',
      status: 401,
      detail: 'no token in header `authorization`, query parameter `token`',
      rule: 'own-files',
      provider: null,
      kid: null,
    },
  ],
];
for (const [title, uri, parts, expected] of RECORDS) {
  test(`what the log says of ${title}`, async (t) => {
    const { send } = await start(t);
    const { milliseconds, requestId, ...record } = (await send(uri, parts)).record ?? {};
    assert.deepEqual(record, { message: 'decision', ...expected });
    assert.equal(requestId, 'request-1');
    assert.ok(milliseconds >= 0 && milliseconds < 60_000);
  });
}

for (const [changes, hasFraction] of /** @type {[object, boolean][]} */ ([
  [{ logLevel: 'info' }, false],
  [{ logLevel: 'debug' }, true],
  [{ logLevel: 'info', metrics: true }, true],
])) {
  test(`with ${JSON.stringify(changes)} a decision's time has ${hasFraction ? 'a' : 'no'} fraction`, async (t) => {
    const { send, clock } = await start(t, changes);
    const { milliseconds } = (await send('/users/alice/a.png')).record ?? {};
    assert.equal(Number.isInteger(milliseconds), !hasFraction, String(milliseconds));
    // Back by an hour, as clocks are set.
    clock.now -= 3600;
    assert.ok((await send('/users/alice/a.png')).record?.milliseconds >= 0);
  });
}

test('the log tells no claim, be it compared or handed to the origin', async (t) => {
  const { send, log } = await start(t);
  const sub = 'someone-in-particular';
  log.mustNotTell(sub);
  for (const name of ['aud', 'iss', 'exp', 'other']) {
    const token = tokenFor(KEY, sub, { [name]: UNNAMED_CLAIM });
    await send('/users/alice/a.png', { token });
  }
  assertForwarded(await send(`/users/${sub}/a.png`, { token: tokenFor(KEY, sub) }));
  assert.equal(log.entriesOf('decision').length, 5);
});

test('the log tells nothing of a token that cannot be read', async (t) => {
  const { send, log } = await start(t);
  const [header = '', payload = '', signature = ''] = TOKEN.split('.');
  const text = Buffer.from(UNNAMED_CLAIM).toString('base64url');
  const tokens = [
    `${header}.${payload}.${signature}.`,
    `${header}.${text}.${signature}`,
    `${text}.${payload}.${signature}`,
    `${header}.${payload}!.${signature}`,
    'some-opaque-token',
  ];
  for (const token of tokens) {
    log.mustNotTell(token, text, payload, signature);
    const headers = { Authorization: `Bearer ${token}` };
    const { record } = await send('/users/alice/a.png', { headers });
    assert.equal(record?.code, 'token_malformed');
  }
});

/** @type {[string, string][]} */
const NASTY = [
  ['a line break', 'a\r\n{"level":"error","message":"forged"}'],
  ['terminal escapes', 'a\u001b[2Jb\u009b31m'],
  ['NUL and DEL', 'a\u0000b\u007f'],
  ['line separators', 'a\u0085b\u2028c\u2029d'],
  ['direction marks', 'a\u202eb\u2066c\u200fd\u061ce'],
  ['what is not seen', 'a\u200bb\u2060c\ufeffd'],
  ['quotes', 'a"b\\c'],
];
for (const [title, kid] of NASTY) {
  test(`threat 66: ${title} in \`kid\` cannot forge a line`, async (t) => {
    const { send, log } = await start(t);
    const { record } = await send('/users/alice/a.png', { token: tokenFor({ ...KEY, kid }) });
    assert.equal(record?.code, 'key_not_found');
    assert.equal(record?.kid, kid);
    assert.deepEqual(log.entriesOf('forged'), []);
  });
}

test('a long `kid` is cut', async (t) => {
  const { send } = await start(t);
  const kid = 'k'.repeat(5000);
  const { record } = await send('/users/alice/a.png', { token: tokenFor({ ...KEY, kid }) });
  assert.equal(record?.kid, `${'k'.repeat(200)}…`);
});

test('a request id is logged as it came, but cut and escaped', async (t) => {
  const { sendEvent } = await start(t);
  const request = { method: 'GET', uri: '/public/a', querystring: '', headers: {} };
  const requestId = `\u001b${'r'.repeat(300)}`;
  const { record } = await sendEvent({ Records: [{ cf: { config: { requestId }, request } }] });
  assert.equal(record?.requestId, `\u001b${'r'.repeat(199)}…`);
});
