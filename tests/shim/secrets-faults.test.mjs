import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NAME, SECRET, parameter, startWithRemoteSecret } from './support/remote-secret.mjs';
import { assertForwarded, assertRefused } from './support/shipped-handler.mjs';

/** @typedef {Awaited<ReturnType<typeof startWithRemoteSecret>>['server']} Server */
/** @typedef {(server: Server) => void} Begin */

/** @type {(status: number, body: string | Buffer, headers?: Record<string, string>) => Begin} */
const answering = (status, body, headers = {}) => (server) => {
  server.respond = (_request, response) => response.writeHead(status, headers).end(body);
};

/** @type {(answer: unknown) => Begin} */
const json = (answer) => answering(200, JSON.stringify(answer));

/** @type {(type: string) => Begin} */
const refusing = (type) =>
  answering(400, JSON.stringify({ __type: type, message: `not ${SECRET}`, Parameter: { Value: SECRET } }));

/** @type {[string, Begin, RegExp][]} */
const FAULTS = [
  ['credentials that have expired', refusing('ExpiredTokenException'), /^status 400 \(ExpiredTokenException\)$/],
  ['access denied', refusing('com.amazon.coral.service#AccessDeniedException'), /^status 400 \(AccessDeniedException\)$/],
  ['throttling', refusing('ThrottlingException'), /^status 400 \(ThrottlingException\)$/],
  ['a reason that is none', refusing(`x y ${SECRET}`), /^status 400 \(no reason given\)$/],
  ['500', answering(500, 'Internal Server Error'), /^status 500 \(no reason given\)$/],
  ['500 with the secret in it', answering(500, JSON.stringify(parameter(SECRET))), /^status 500/],
  ['a redirect', answering(307, '', { location: 'http://127.0.0.1:1/' }), /^status 307/],
  ['no JSON', answering(200, `<html>${SECRET}</html>`), /^the answer has no secret in it$/],
  ['half of the JSON', answering(200, JSON.stringify(parameter(SECRET)).slice(0, -4)), /^the answer has no secret in it$/],
  ['nothing', answering(200, ''), /^the answer has no secret in it$/],
  ['null', json(null), /^the answer has no secret in it$/],
  ['a parameter without a value', json({ Parameter: {} }), /^the answer has no secret in it$/],
  ['a parameter that is a number', json({ Parameter: { Value: 7 } }), /^the answer has no secret in it$/],
  ['a secret that is too short', json(parameter('short')), /^the secret has 5 bytes; HS256 needs at least 32$/],
  ['an empty secret', json(parameter('')), /^the secret has 0 bytes/],
  [
    'an endless answer',
    (server) => {
      server.misbehave = (socket) => {
        const more = () => void (!socket.destroyed && socket.write(' '.repeat(100_000), more));
        socket.write('HTTP/1.1 200 OK\r\n\r\n', more);
      };
    },
    /^more than 262144 bytes$/,
  ],
  ['a broken connection', (server) => (server.misbehave = (socket) => socket.destroy()), /^no connection \(ECONNRESET\)$/],
  [
    'an answer that breaks off',
    (server) => (server.misbehave = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{')),
    /^the answer broke off$/,
  ],
];
for (const [title, begin, reason] of FAULTS) {
  test(`a service of secrets with ${title}: 503, one request in 10 s, and then all is well`, async (t) => {
    const { server, clock, view, log } = await startWithRemoteSecret(t);
    begin(server);
    const first = await view();
    assertRefused(first, 'secrets_unavailable', 503);
    assert.equal(first.record?.level, 'error');
    const why = log.last('no secret');
    assert.deepEqual([why.level, why.secret], ['error', 'providers.hs.secret']);
    assert.match(why.detail, reason);
    await server.allClosed();

    clock.now += 9;
    assertRefused(await view(), 'secrets_unavailable', 503);
    assert.equal(server.fetches, 1, 'within the cool-down');
    server.recover();
    clock.now += 1;
    assertForwarded(await view());
    assert.equal(server.fetches, 2);
  });
}

test('a service of secrets that never answers: 503 after 3 s', async (t) => {
  const { server, view, log } = await startWithRemoteSecret(t);
  server.misbehave = () => {};
  const startedAt = performance.now();
  assertRefused(await view(), 'secrets_unavailable', 503);
  const seconds = (performance.now() - startedAt) / 1000;
  assert.ok(seconds > 2.9 && seconds < 4, `${seconds} s`);
  assert.match(log.last('no secret').detail, /^no answer within 3 s$/);
  await server.allClosed();
});

for (const [title, text] of [
  ['no JSON', SECRET],
  ['no object', JSON.stringify(SECRET)],
  ['without the member', JSON.stringify({ other: SECRET })],
  ['with a member that is no text', JSON.stringify({ token: { value: SECRET } })],
  ['with an inherited member only', '{"__proto__":{"token":"x"}}'],
]) {
  test(`a secret with members that is ${title}`, async (t) => {
    const reference = { secretsManager: NAME, key: 'token' };
    const { view, log } = await startWithRemoteSecret(t, { reference, answer: { SecretString: text } });
    assertRefused(await view(), 'secrets_unavailable', 503);
    assert.match(log.last('no secret').detail, /^the secret is no JSON with a text under the configured `key`$/);
  });
}
