import assert from 'node:assert/strict';
import { constants, createHmac, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import {
  ALGORITHM_NAMES,
  generateKey,
  parseKey,
  publicKeySet,
  secretText,
  signToken,
} from '../../www-shim/edge/development-keys.mjs';
import { startDevelopmentIssuer } from '../../www-shim/edge/issuer.mjs';
import { isLoopback } from '../../www-shim/edge/loopback.mjs';
import { freePort } from './support/free-port.mjs';

/** Where the name of an algorithm does not say its hash: RFC 8037, section 3.1. */
const HASHES = /** @type {Record<string, null>} */ ({ EdDSA: null });

/** RFC 7518, sections 3.4 and 3.5. @type {Record<string, object>} */
const FORMS = {
  ES: { dsaEncoding: 'ieee-p1363' },
  PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
};

for (const alg of ALGORITHM_NAMES) {
  test(`a token of a new ${alg} key verifies with that key`, () => {
    const key = generateKey(alg);
    const token = signToken(key, { sub: 'alice', n: 1 });
    const [header = '', claims = '', signature = ''] = token.split('.');
    /** @type {(part: string) => unknown} */
    const decode = (part) => JSON.parse(String(Buffer.from(part, 'base64url')));
    const kid = alg.startsWith('HS') ? {} : { kid: key.kid };
    assert.deepEqual(decode(header), { alg, typ: 'JWT', ...kid });
    assert.deepEqual(decode(claims), { sub: 'alice', n: 1 });
    const input = Buffer.from(`${header}.${claims}`);
    const bytes = Buffer.from(signature, 'base64url');
    const hash = alg.replace(/../, 'sha');
    if (alg.startsWith('HS')) {
      const secret = Buffer.from(key.k ?? '', 'base64url');
      assert.ok(secret.length * 8 >= Number(alg.slice(2)));
      assert.equal(secretText(key), secret.toString());
      assert.deepEqual(createHmac(hash, secret).update(input).digest(), bytes);
    } else {
      const [jwk] = publicKeySet(key).keys;
      const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
      const { modulusLength = 2048 } = publicKey.asymmetricKeyDetails ?? {};
      assert.equal(modulusLength, 2048);
      assert.ok(verify(alg in HASHES ? HASHES[alg] : hash, input, { key: publicKey, ...FORMS[alg.slice(0, 2)] }, bytes));
    }
  });
}

test('a public key set has no private part', () => {
  const { keys } = publicKeySet(generateKey('RS256'));
  assert.deepEqual(Object.keys(keys[0] ?? {}).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
  assert.throws(() => publicKeySet(generateKey('HS256')), /a secret has no public half/);
  assert.throws(() => secretText(generateKey('RS256')), /a key pair has no shared secret/);
});

test('a key that cannot sign is refused with the reason', () => {
  const key = generateKey('RS256');
  for (const [jwk, reason] of /** @type {[unknown, RegExp][]} */ ([
    ['text', /is a JSON object/],
    [{ ...key, alg: undefined }, /no `alg`/],
    [{ ...key, alg: 'none' }, /algorithm `none` is not one of RS256, /],
    [{ ...key, alg: 'toString' }, /algorithm `toString` is not one of/],
    [{ ...key, alg: 'HS256' }, /does not suit/],
    [{ ...key, kid: 1 }, /no `kid`/],
    [publicKeySet(key).keys[0], /no private part/],
  ])) {
    assert.throws(() => parseKey(jwk), reason);
  }
  assert.equal(parseKey(key), key);
});

test('key sets and discovery documents are at the configured addresses', async (t) => {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const [first, second] = [generateKey('RS256'), generateKey('RS384')];
  const issuer = await startDevelopmentIssuer([
    { issuer: origin, jwksUri: `${origin}/.well-known/jwks.json`, key: first },
    { issuer: `${origin}/tenant/`, jwksUri: `${origin}/tenant/keys`, key: second },
    { issuer: 'https://elsewhere.example', jwksUri: `${origin}/tenant/keys`, key: first },
  ]);
  t.after(issuer.stop);
  assert.deepEqual(issuer.urls, [origin]);

  /** @type {(path: string) => Promise<any>} */
  const read = async (path) => (await fetch(origin + path)).json();
  assert.deepEqual(await read('/.well-known/jwks.json'), publicKeySet(first));
  assert.deepEqual(await read('/tenant/keys'), {
    keys: [...publicKeySet(second).keys, ...publicKeySet(first).keys],
  });
  assert.deepEqual(await read('/tenant/.well-known/openid-configuration'), {
    issuer: `${origin}/tenant/`,
    jwks_uri: `${origin}/tenant/keys`,
    id_token_signing_alg_values_supported: ['RS384'],
  });
  assert.equal((await read('/.well-known/openid-configuration')).issuer, origin);
  assert.equal((await fetch(`${origin}/other`)).status, 404);
  assert.equal((await fetch(`${origin}/tenant/keys`, { method: 'POST' })).status, 405);
});

test('a port in use is named, and no server is left behind', async (t) => {
  const [free, taken] = [await freePort(), await freePort()];
  const provider = (/** @type {number} */ port) => {
    const origin = `http://127.0.0.1:${port}`;
    return { issuer: origin, jwksUri: `${origin}/keys`, key };
  };
  const key = generateKey('RS256');
  const holder = await startDevelopmentIssuer([provider(taken)]);
  t.after(holder.stop);
  const started = startDevelopmentIssuer([provider(free), provider(taken)]);
  await assert.rejects(started, new RegExp(`port ${taken} is in use`));
  const again = await startDevelopmentIssuer([provider(free)]);
  await again.stop();
});

test('only http on loopback can be served', async () => {
  for (const uri of ['http://127.0.0.1:1/a', 'http://localhost/a', 'http://[::1]:1/a']) {
    assert.ok(isLoopback(uri), uri);
  }
  for (const uri of ['https://127.0.0.1/', 'http://127.0.0.1.example/', 'http://10.0.0.1/', 'x']) {
    assert.ok(!isLoopback(uri), uri);
    const provider = { issuer: uri, jwksUri: uri, key: generateKey('HS256') };
    await assert.rejects(startDevelopmentIssuer([provider]), /is not http on loopback/);
  }
});
