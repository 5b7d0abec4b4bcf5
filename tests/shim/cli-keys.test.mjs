import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALGORITHM_NAMES } from '../../www-shim/edge/development-keys.mjs';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION, viewerEvent } from './support/viewer-event.mjs';

/** @param {string} token */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

test('keygen writes a private key for one reader, and prints the public key set', async (t) => {
  const path = folderWith(t, {});
  const { code, stdout, stderr } = await run('keygen', '--out', path('key.json'));
  assert.equal(code, 0, stderr);
  assert.equal(statSync(path('key.json')).mode & 0o777, 0o600);
  const { keys } = JSON.parse(stdout);
  assert.equal(keys.length, 1);
  assert.deepEqual([keys[0].kty, keys[0].alg, keys[0].d], ['RSA', 'RS256', undefined]);
  assert.equal(JSON.parse(readFileSync(path('key.json'), 'utf8')).n, keys[0].n);
});

test('keygen writes the public key set to a file where one is named', async (t) => {
  const path = folderWith(t, {});
  const files = ['--out', path('key.json'), '--public-out', path('jwks.json')];
  const { code, stdout } = await run('keygen', '--alg', 'RS512', ...files);
  assert.deepEqual([code, stdout], [0, '']);
  assert.equal(JSON.parse(readFileSync(path('jwks.json'), 'utf8')).keys[0].alg, 'RS512');
});

for (const alg of ALGORITHM_NAMES) {
  test(`a key of ${alg} signs tokens that it verifies`, async (t) => {
    const path = folderWith(t, {});
    const isSecret = alg.startsWith('HS');
    const made = await run('keygen', '--alg', alg, '--out', path('key.json'));
    assert.equal(made.code, 0, made.stderr);
    const { stdout: token } = await run('token', '--key', path('key.json'), '--issuer', 'i', '--audience', 'a');
    const keys = isSecret ? { keys: [JSON.parse(readFileSync(path('key.json'), 'utf8'))] } : JSON.parse(made.stdout);
    assert.ok(isSecret || !/"(?:d|p|q|dp|dq|qi|k)"/.test(made.stdout), 'only the public half is printed');
    const dev = { issuer: 'i', audience: 'a', algorithms: [alg], jwks: keys };
    const configuration = { ...CONFIGURATION, providers: { dev }, rules: [{ match: { path: '/a' }, allow: 'authenticated' }] };
    const event = viewerEvent('/a', { headers: { Authorization: `Bearer ${token.trim()}` } });
    writeFileSync(path('c.json'), JSON.stringify(configuration));
    writeFileSync(path('e.json'), JSON.stringify(event));
    const { stdout, stderr } = await run('explain', '--config', path('c.json'), '--event', path('e.json'), '--json');
    // ES512 is in the module only if it was built with it.
    if (alg === 'ES512' && /ES512/.test(stderr)) return;
    assert.equal(JSON.parse(stdout).code, 'allowed', stderr);
  });
}

test('a number may be negative', async (t) => {
  const path = folderWith(t, {});
  await run('keygen', '--alg', 'EdDSA', '--out', path('key.json'));
  const args = ['token', '--key', path('key.json'), '--now', '1000', '--expires-in'];
  for (const given of [[...args, '-60'], [...args.slice(0, -1), '--expires-in=-60']]) {
    const { code, stdout, stderr } = await run(...given);
    assert.equal(code, 0, stderr);
    assert.equal(claimsOf(stdout).exp, 940);
  }
});

test('keygen never overwrites a file', async (t) => {
  const path = folderWith(t, { 'key.json': 'mine' });
  const { code, stdout, stderr } = await run('keygen', '--out', path('key.json'));
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /cannot write `.*key\.json`: it exists, and is not overwritten/);
  assert.equal(readFileSync(path('key.json'), 'utf8'), 'mine');
});

test('keygen shows nothing of a secret', async (t) => {
  const path = folderWith(t, {});
  const { code, stdout, stderr } = await run('keygen', '--alg', 'HS256', '--out', path('key.json'));
  const { k } = JSON.parse(readFileSync(path('key.json'), 'utf8'));
  assert.deepEqual([code, stdout, stderr.includes(k)], [0, '', false]);
});

test('a secret and a token of keygen and token let a request through', async (t) => {
  const dev = { issuer: 'i', audience: 'a', algorithms: ['HS256'], secret: { file: './secret' } };
  const config = { ...CONFIGURATION, providers: { dev } };
  const path = folderWith(t, { 'c.json': config });
  const files = ['--out', path('key.json'), '--secret-out', path('secret')];
  const { stderr } = await run('keygen', '--alg', 'HS256', ...files);
  assert.ok(!stderr.includes(readFileSync(path('secret'), 'utf8')));
  assert.equal(statSync(path('secret')).mode & 0o777, 0o600);

  const claims = ['--issuer', 'i', '--audience', 'a', '--subject', 'alice'];
  const { stdout: token } = await run('token', '--key', path('key.json'), ...claims);
  const headers = { Authorization: `Bearer ${token.trim()}` };
  writeFileSync(path('e.json'), JSON.stringify(viewerEvent('/users/alice/a.png', { headers })));
  const event = ['--config', path('c.json'), '--event', path('e.json')];
  const { stdout } = await run('explain', ...event, '--json');
  assert.equal(JSON.parse(stdout).code, 'allowed');
});

for (const [alg, option] of [
  ['RS256', '--secret-out'],
  ['HS256', '--public-out'],
]) {
  test(`${alg} has no ${option}, and no file is written`, async (t) => {
    const path = folderWith(t, {});
    const files = ['--out', path('key.json'), String(option), path('other')];
    const { code, stderr } = await run('keygen', '--alg', String(alg), ...files);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`leave \`${option}\` away`));
    assert.equal(existsSync(path('key.json')), false);
  });
}

test('token signs with the key, and says that it is for development', async (t) => {
  const path = folderWith(t, {});
  const { stdout: jwks } = await run('keygen', '--out', path('key.json'));
  const options = ['--issuer', 'i', '--audience', 'a', '--subject', 's', '--now', '1000'];
  const { code, stdout, stderr } = await run('token', '--key', path('key.json'), ...options);
  assert.equal(code, 0);
  assert.match(stderr, /for development/);
  const token = stdout.trimEnd();
  assert.deepEqual(claimsOf(token), { iss: 'i', aud: 'a', sub: 's', iat: 1000, exp: 4600 });
  const [header = '', payload = '', signature = ''] = token.split('.');
  const key = createPublicKey({ key: JSON.parse(jwks).keys[0], format: 'jwk' });
  const input = Buffer.from(`${header}.${payload}`);
  assert.ok(verify('sha256', input, key, Buffer.from(signature, 'base64url')));
});

test('claims are added, and win over options', async (t) => {
  const path = folderWith(t, {});
  await run('keygen', '--alg', 'HS256', '--out', path('key.json'));
  const claims = ['--claims', '{"groups":["a"],"exp":7}', '--expires-in=-60', '--now', '1000'];
  const { stdout } = await run('token', '--key', path('key.json'), ...claims);
  assert.deepEqual(claimsOf(stdout), { groups: ['a'], iat: 1000, exp: 7 });
});

test('a life can be negative, for tokens that have expired', async (t) => {
  const path = folderWith(t, {});
  await run('keygen', '--alg', 'HS256', '--out', path('key.json'));
  const options = ['--expires-in=-60', '--now', '1000'];
  const { stdout } = await run('token', '--key', path('key.json'), ...options);
  assert.deepEqual(claimsOf(stdout), { iat: 1000, exp: 940 });
});

test('a file that is no key is refused, and nothing of it is shown', async (t) => {
  const path = folderWith(t, { 'text.json': 'hunter2 hunter2', 'jwk.json': { kty: 'RSA' }, 'jwks.json': { keys: [] } });
  for (const [name, message] of /** @type {[string, RegExp][]} */ ([
    ['text.json', /key `.*text\.json` is not JSON/],
    ['jwk.json', /key `.*jwk\.json`: the JWK has no `alg`/],
    ['jwks.json', /key `.*jwks\.json`: this is a public key set; `keygen --out` wrote the private key/],
    ['none.json', /cannot read key `.*none\.json`: there is no such file or folder/],
  ])) {
    const { code, stdout, stderr } = await run('token', '--key', path(name));
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /hunter2/);
  }
});
