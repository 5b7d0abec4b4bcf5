import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from './support/gate.mjs';
import { NAME, NEW_SECRET, SECRET, parameter, startWithRemoteSecret } from './support/remote-secret.mjs';
import { assumeRole } from './support/role.mjs';
import { CALLER } from './support/secret-server.mjs';
import { assertForwarded, assertRefused } from './support/shipped-handler.mjs';
import { NOW } from './support/viewer-event.mjs';
import { captureMemories } from './support/wasm-memory.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:images-AbCdEf';

/** @type {[string, Parameters<typeof startWithRemoteSecret>[1]][]} */
const PLACES = [
  ['a parameter', {}],
  ['a parameter with a line break at its end', { answer: parameter(`${SECRET}\n`) }],
  ['a parameter in another region', { reference: { ssm: NAME, region: 'eu-central-1' }, region: 'eu-central-1' }],
  [
    'a parameter by its ARN',
    { reference: { ssm: `arn:aws:ssm:eu-west-1:111122223333:parameter${NAME}` }, region: 'eu-west-1' },
  ],
  ['a secret', { reference: { secretsManager: 'images/token' }, answer: { SecretString: SECRET } }],
  ['a secret by its ARN', { reference: { secretsManager: ARN }, answer: { SecretString: SECRET }, region: 'eu-central-1' }],
  [
    'a member of a secret',
    {
      reference: { secretsManager: 'images', key: 'token' },
      answer: { SecretString: JSON.stringify({ other: 'x', token: SECRET }) },
    },
  ],
  [
    'a secret of bytes',
    { reference: { secretsManager: 'images' }, answer: { SecretBinary: Buffer.from(SECRET).toString('base64') } },
  ],
];
for (const [title, options] of PLACES) {
  test(`tokens are verified with ${title}, asked for with the function's role`, async (t) => {
    const { server, view, viewWith, log } = await startWithRemoteSecret(t, options);
    assertForwarded(await view());
    assertRefused(await viewWith(NEW_SECRET), 'signature_invalid', 401);
    assert.equal(server.fetches, 1);
    assert.deepEqual(log.last('secret').secret, 'providers.hs.secret');
    await server.allClosed();
  });
}

test('who has no token, or a public path, asks for no secret', async (t) => {
  const { server, send } = await startWithRemoteSecret(t);
  assertForwarded(await send('/public/logo.png'));
  assertRefused(await send('/users/alice/a.png'), 'credentials_missing', 401);
  assert.equal(server.fetches, 0);
});

test('200 requests at once, cold, ask for the secret once', async (t) => {
  const { server, view } = await startWithRemoteSecret(t);
  const [asked, released] = [gate('the secret is asked for'), gate('the secret is released')];
  server.respond = async (request, response) => {
    asked.open();
    await released.isOpen();
    await server.sendKeys(request, response);
  };
  const views = Array.from({ length: 200 }, view);
  await asked.isOpen();
  released.open();
  for (const answer of await Promise.all(views)) assertForwarded(answer);
  assert.equal(server.fetches, 1);
});

test('a secret that is replaced is taken ahead of its end, and the old one no longer', async (t) => {
  const { server, clock, view, viewWith } = await startWithRemoteSecret(t);
  assertForwarded(await view());
  server.secrets[NAME] = parameter(NEW_SECRET);
  clock.now += 0.75 * HOUR - 1;
  assertForwarded(await view());
  assert.equal(server.fetches, 1);
  clock.now += 1;
  await view();
  assert.equal(server.fetches, 2);
  assertForwarded(await viewWith(NEW_SECRET));
  assertRefused(await view(), 'signature_invalid', 401);
});

test('how long a secret is good is configured', async (t) => {
  const reference = { ssm: NAME, maxAgeSeconds: 60, staleIfErrorSeconds: 0 };
  const { server, clock, view } = await startWithRemoteSecret(t, { reference });
  assertForwarded(await view());
  server.misbehave = (socket) => socket.destroy();
  clock.now += 59;
  assertForwarded(await view());
  clock.now += 1;
  assertRefused(await view(), 'secrets_unavailable', 503);
});

test('a secret outlives its time while the service is down, but not for ever', async (t) => {
  const { server, clock, view } = await startWithRemoteSecret(t);
  assertForwarded(await view());
  server.misbehave = (socket) => socket.destroy();
  for (let hours = 1; hours < 25; hours += 4) {
    clock.now = NOW + hours * HOUR;
    assertForwarded(await view());
  }
  clock.now = NOW + HOUR + DAY;
  assertRefused(await view(), 'secrets_unavailable', 503);
  server.recover();
  clock.now += 10;
  assertForwarded(await view());
});

for (const [title, after] of /** @type {const} */ ([
  ['good', 0],
  ['stale', 2 * HOUR],
])) {
  test(`a secret that is taken away while it is ${title} ends with its time`, async (t) => {
    const { server, clock, view } = await startWithRemoteSecret(t);
    assertForwarded(await view());
    if (after > 0) {
      server.misbehave = (socket) => socket.destroy();
      clock.now = NOW + after;
      assertForwarded(await view());
      server.recover();
    }
    server.secrets = {};
    clock.now = NOW + Math.max(after + 60, HOUR - 1);
    assertForwarded(await view());
    clock.now += HOUR;
    assertRefused(await view(), 'secrets_unavailable', 503);
  });
}

test('a new instance has the secret that was fetched before', async (t) => {
  const memory = captureMemories(t);
  const { server, view } = await startWithRemoteSecret(t);
  assertForwarded(await view());
  memory.ruin();
  assertRefused(await view(), 'internal', 503);
  assertForwarded(await view());
  assert.equal(server.fetches, 1);
});

for (const [title, caller] of /** @type {[string, Partial<typeof CALLER>][]} */ ([
  ['no credentials', {}],
  ['no secret key', { accessKeyId: CALLER.accessKeyId }],
  ['credentials that cannot stand in a header', { ...CALLER, sessionToken: 'a\r\nb: c' }],
])) {
  test(`with ${title} nothing is asked, and nothing passes`, async (t) => {
    const { server, view, log, clock } = await startWithRemoteSecret(t);
    assumeRole(t, caller);
    assertRefused(await view(), 'secrets_unavailable', 503);
    assert.equal(server.fetches, 0);
    assert.match(log.last('no secret').detail, /credentials of the function's role/);
    assumeRole(t);
    clock.now += 10;
    assertForwarded(await view());
  });
}

for (const [title, caller] of /** @type {[string, typeof CALLER][]} */ ([
  ['another secret key', { ...CALLER, secretAccessKey: 'x' }],
  ['another access key', { ...CALLER, accessKeyId: 'ASIAOTHER' }],
  ['another session token', { ...CALLER, sessionToken: 'x' }],
])) {
  test(`the server of these tests refuses ${title}`, async (t) => {
    const { view, log } = await startWithRemoteSecret(t);
    assumeRole(t, caller);
    assertRefused(await view(), 'secrets_unavailable', 503);
    assert.match(log.last('no secret').detail, /^status 400 \((?:InvalidSignature|UnrecognizedClient)Exception\)$/);
  });
}

test('the server of these tests refuses another time and another region', async (t) => {
  const { clock, server, view } = await startWithRemoteSecret(t, { region: 'eu-west-3' });
  assertRefused(await view(), 'secrets_unavailable', 503);
  assert.equal(server.fetches, 1);
  clock.now += 10;
  assertRefused(await view(), 'secrets_unavailable', 503);
});
