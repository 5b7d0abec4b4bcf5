import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { metricsIn } from './support/embedded-metrics.mjs';
import { originEvent, signingConfiguration } from './support/origin-event.mjs';
import { assumeRole } from './support/role.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { assertRefused, configurationFor, startHandler } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { NOW } from './support/viewer-event.mjs';

const KEY = generateKey('RS256');
const TOKEN = tokenFor(KEY);

/**
 * @param {import('node:test').TestContext} t
 * @param {object} [changes] to the configuration
 */
async function start(t, changes = {}) {
  const server = await startKeyServer(t, { keys: [KEY] });
  const configuration = { ...configurationFor(server.url), logLevel: 'error', metrics: true, ...changes };
  const shim = await startHandler({ configuration });
  /** What was counted so far, as `code: number`. */
  const decisions = () => {
    const counted = metricsOf('Decisions').map(({ dimensions, values }) => [dimensions.Code, values[0]]);
    return counted.map((pair) => pair.join(': '));
  };
  /** @param {string} name */
  const metricsOf = (name) => metricsIn([...shim.log.entries()]).filter((metric) => metric.name === name);
  return { ...shim, server, decisions, metricsOf };
}

test('nothing is counted unless the configuration asks for it', async (t) => {
  const { send, clock, log } = await start(t, { metrics: false });
  for (let minute = 0; minute < 3; minute += 1) {
    await send('/public/logo.png');
    clock.now += 60;
  }
  assert.deepEqual(log.entriesOf('metrics'), []);
});

test('the first decision is told at once, the next ones a minute later, with the time at which they began', async (t) => {
  const { send, clock, decisions, metricsOf } = await start(t);
  await send('/public/logo.png');
  assert.deepEqual(decisions(), ['public: 1']);
  for (const path of ['/public/logo.png', '/users/alice/a.png', '/public/logo.png']) {
    await send(path);
    clock.now += 10;
  }
  assert.deepEqual(decisions(), ['public: 1']);
  // A function that was frozen for hours tells when it was.
  clock.now += 7200;
  await send('/none');
  assert.deepEqual(decisions(), ['public: 1', 'public: 2', 'credentials_missing: 1']);
  assert.deepEqual(metricsOf('Decisions').map(({ at }) => at), [NOW, NOW, NOW]);
  clock.now += 60;
  await send('/public/logo.png');
  assert.equal(decisions().at(-1), 'no_rule: 1');
  assert.equal(metricsOf('Decisions').at(-1)?.at, NOW + 7230);
});

test('each decision is counted, and the first hundred of a minute are timed', async (t) => {
  const { send, clock, decisions, metricsOf } = await start(t);
  for (let count = 0; count < 250; count += 1) await send('/public/logo.png');
  clock.now += 60;
  await send('/none');
  assert.deepEqual(decisions(), ['public: 1', 'public: 249']);
  const times = metricsOf('DecisionTime');
  assert.deepEqual(times.map(({ values }) => values.length), [1, 100]);
  assert.deepEqual(times.map(({ dimensions }) => Object.keys(dimensions)), [['FunctionName'], ['FunctionName']]);
});

test('an exception is counted', async (t) => {
  const { sendEvent, decisions } = await start(t);
  assertRefused(await sendEvent(undefined), 'internal', 503);
  assert.deepEqual(decisions(), ['internal: 1']);
});

test('a clock that is set back stops nothing', async (t) => {
  const { send, clock, decisions } = await start(t);
  await send('/public/logo.png');
  clock.now -= 3600;
  await send('/public/logo.png');
  clock.now += 60;
  await send('/none');
  assert.deepEqual(decisions(), ['public: 1', 'public: 1']);
});

test('the age of a key set tells that it can no longer be fetched', async (t) => {
  const { send, clock, server, metricsOf } = await start(t);
  const view = () => send('/users/alice/a.png', { token: tokenFor(KEY, 'alice', { exp: NOW + 86_400 }) });
  await view();
  clock.now += 60;
  await view();
  server.misbehave = (socket) => socket.destroy();
  clock.now += 3600;
  await view();
  clock.now += 60;
  await view();
  const ages = metricsOf('KeySetAge').map(({ dimensions, values }) => [dimensions.Provider, values[0]]);
  assert.deepEqual(ages, [['dev', 0], ['dev', 60], ['dev', 3660]]);
});

test('a provider that has never answered has no age, and its viewers are counted', async (t) => {
  const { send, server, decisions, metricsOf } = await start(t);
  server.misbehave = (socket) => socket.destroy();
  await send('/users/alice/a.png', { token: TOKEN });
  assert.deepEqual(decisions(), ['keys_unavailable: 1']);
  assert.deepEqual(metricsOf('KeySetAge'), []);
});

test('an old set that nobody has asked for has no age: at origin-request no keys are needed', async (t) => {
  assumeRole(t);
  const sign = { service: 's3', region: 'eu-central-1' };
  const shim = await startHandler({
    configuration: { ...signingConfiguration(sign), metrics: true },
    pinned: { dev: { jwks: publicKeySet(KEY), fetchedAt: NOW - 864_000 } },
  });
  const ages = () => metricsIn([...shim.log.entries()]).filter(({ name }) => name === 'KeySetAge');
  for (let minute = 0; minute < 3; minute += 1) {
    assert.equal((await shim.sendEvent(originEvent('/a'))).forwarded, true);
    shim.clock.now += 60;
  }
  assert.equal(metricsIn([...shim.log.entries()]).filter(({ name }) => name === 'Decisions').length, 2);
  assert.deepEqual(ages(), []);
});

test('there is one line for each code or provider, whichever are more', async (t) => {
  const server = await startKeyServer(t, { keys: [KEY] });
  const { dev } = configurationFor(server.url).providers;
  const providers = { dev, zürich: { ...dev, issuer: 'https://other.example/' } };
  const shim = await startHandler({ configuration: { ...configurationFor(server.url), providers, metrics: true } });
  await shim.send('/users/alice/a.png', { token: TOKEN });
  const other = tokenFor(KEY, 'alice', { iss: 'https://other.example/' });
  await shim.send('/users/alice/a.png', { token: other });
  shim.clock.now += 60;
  await shim.send('/public/logo.png');
  shim.clock.now += 60;
  await shim.send('/none');
  const lines = shim.log.entriesOf('metrics');
  assert.deepEqual(lines.map(({ Code, Provider }) => [Code, Provider]), [
    ['allowed', 'dev'],
    // Ages are told once a minute.
    ['allowed', undefined],
    ['public', 'dev'],
    [undefined, 'z?rich'],
  ]);
  assert.ok(metricsIn([...lines]).length > lines.length);
});

test('what viewers send is in no metric', async (t) => {
  const { send, log, clock } = await start(t);
  const kid = 'made-up-by-a-viewer';
  log.mustNotTell(kid, 'someone-in-particular');
  await send('/users/someone-in-particular/a.png', { token: tokenFor({ ...KEY, kid }, 'someone-in-particular') });
  clock.now += 60;
  await send('/public/logo.png');
  const keys = new Set(log.entriesOf('metrics').flatMap((entry) => Object.keys(entry)));
  const known = ['level', 'message', '_aws', 'FunctionName', 'Decisions', 'Code', 'DecisionTime', 'KeySetAge', 'Provider'];
  assert.deepEqual([...keys].filter((key) => !known.includes(key)), []);
  assert.ok(keys.size > 5);
});

for (const [name, shown] of [
  ['us-east-1.images', 'images'],
  ['images', 'images'],
]) {
  test(`a function that Lambda calls \`${name}\` is \`${shown}\` in metrics`, async (t) => {
    const before = process.env.AWS_LAMBDA_FUNCTION_NAME;
    process.env.AWS_LAMBDA_FUNCTION_NAME = name;
    t.after(() => {
      if (before === undefined) delete process.env.AWS_LAMBDA_FUNCTION_NAME;
      else process.env.AWS_LAMBDA_FUNCTION_NAME = before;
    });
    const { send, metricsOf } = await start(t);
    await send('/public/logo.png');
    assert.deepEqual(metricsOf('DecisionTime').map(({ dimensions }) => dimensions), [{ FunctionName: shown }]);
  });
}
