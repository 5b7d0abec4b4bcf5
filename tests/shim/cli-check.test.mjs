import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

test('a good configuration has no errors', async (t) => {
  const path = folderWith(t, { 'c.json': CONFIGURATION });
  const { code, stdout } = await run('check', '--config', path('c.json'));
  assert.equal(code, 0);
  assert.match(stdout, /c\.json: no errors, no warnings\n$/);
});

test('an error has file, line, column, place and the nearest right key', async (t) => {
  const text = JSON.stringify(CONFIGURATION, null, 2).replace('"jwksUri"', '"jwksUrl"');
  const line = text.split('\n').findIndex((content) => content.includes('"jwksUrl"')) + 1;
  const path = folderWith(t, { 'c.json': text });
  const { code, stdout } = await run('check', '--config', path('c.json'));
  assert.equal(code, 1);
  const [first] = stdout.split('\n');
  assert.match(first ?? '', new RegExp(`c\\.json:${line}:\\d+: error: .*jwksUrl.*\`jwksUri\``));
  assert.match(stdout, /c\.json: 1 error, no warnings\n$/);

  const json = await run('check', '--config', path('c.json'), '--json');
  assert.equal(json.code, 1);
  const { errors, warnings } = JSON.parse(json.stdout);
  assert.deepEqual([errors.length, errors[0].line, warnings], [1, line, []]);
});

test('a warning alone is no failure', async (t) => {
  const { origin } = new URL('http://127.0.0.1:1');
  const text = JSON.stringify(CONFIGURATION).replaceAll('https://issuer.example', origin);
  const path = folderWith(t, { 'c.json': text });
  const { code, stdout } = await run('check', '--config', path('c.json'));
  assert.equal(code, 0);
  assert.match(stdout, /: warning: providers\.dev\.jwksUri: /);
  assert.match(stdout, /: no errors, 1 warning\n$/);

  const strict = await run('check', '--config', path('c.json'), '--strict');
  assert.deepEqual([strict.code, strict.stdout], [1, stdout]);
});

test('without warnings, strict is no stricter', async (t) => {
  const path = folderWith(t, { 'c.json': CONFIGURATION });
  assert.equal((await run('check', '--config', path('c.json'), '--strict')).code, 0);
});

test('a secret that is not there is an error', async (t) => {
  const dev = { issuer: 'i', audience: 'a', algorithms: ['HS256'], secret: { file: './none' } };
  const path = folderWith(t, { 'c.json': { ...CONFIGURATION, providers: { dev } } });
  const { code, stdout } = await run('check', '--config', path('c.json'));
  assert.equal(code, 1);
  assert.match(stdout, /c\.json:1:\d+: error: providers\.dev\.secret\.file: cannot read `\.\/none`/);
});

for (const [title, content] of [
  ['nothing', ''],
  ['no JSON', '{"rules": ['],
  ['a list', '[]'],
]) {
  test(`${title} is a configuration with an error`, async (t) => {
    const path = folderWith(t, { 'c.json': content });
    const { code, stdout } = await run('check', '--config', path('c.json'));
    assert.equal(code, 1);
    assert.match(stdout, /c\.json:\d+:\d+: error: /);
  });
}

test('each file that is not there is named with its key and line, and how to make a cookie key', async (t) => {
  const people = { issuer: 'https://issuer.example', audience: 'c', signIn: { clientId: 'c', clientSecret: { file: './secret' } } };
  const text = JSON.stringify({
    providers: { people },
    signIn: { cookieKey: [{ file: './old' }, { file: './keys/new' }] },
    rules: [{ match: { path: '/a' }, allow: 'authenticated' }],
    pages: { 401: './401.html' },
  }, null, 2);
  const path = folderWith(t, { 'c.json': text, old: 'a cookie key of the tests, long enough for one' });
  const { code, stdout } = await run('check', '--config', path('c.json'), '--json');
  assert.equal(code, 1);
  const { errors } = JSON.parse(stdout);
  const lineOf = (/** @type {string} */ words) => text.slice(0, text.indexOf(words)).split('\n').length;
  assert.deepEqual(errors.map((/** @type {any} */ { place, line }) => [place, line]), [
    ['providers.people.signIn.clientSecret.file', lineOf('./secret')],
    ['signIn.cookieKey[1].file', lineOf('./keys/new')],
    ['pages.401', lineOf('./401.html')],
  ]);
  assert.match(errors[1].message, /^cannot read `\.\/keys\/new`, from .*: there is no such file or folder; `openssl rand .* > \.\/keys\/new` makes one$/);
});

test('a file that cannot be read is a clear error', async (t) => {
  const path = folderWith(t, { 'latin.json': '{}' });
  for (const [name, message] of /** @type {[string, RegExp][]} */ ([
    [path('none.json'), /cannot read configuration `.*none\.json`: there is no such file/],
    [path('.'), /cannot read configuration `.*`: it is a folder/],
  ])) {
    const { code, stdout, stderr } = await run('check', '--config', name);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  }
});
