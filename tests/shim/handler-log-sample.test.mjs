import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { isInSample } from '../../www-shim/lib/sample.mjs';
import { assertRefused, startHandler } from './support/shipped-handler.mjs';
import { CONFIGURATION, viewerEvent } from './support/viewer-event.mjs';

/** As long as CloudFront's, and in its alphabet. */
const IDS = Array.from({ length: 10_000 }, (_, index) => createHash('sha256').update(`${index}`).digest('base64url'));

for (const share of [0, 0.01, 0.5, 0.9, 1]) {
  test(`of many requests, a share of ${share} is in the sample`, () => {
    const found = IDS.filter((id) => isInSample(id, share)).length;
    // Four standard deviations of a binomial distribution.
    const tolerance = 4 * Math.sqrt(IDS.length * share * (1 - share));
    assert.ok(Math.abs(found - share * IDS.length) <= tolerance, `${found} of ${IDS.length}`);
  });
}

test('who is in a smaller sample is in each larger one, again and again', () => {
  for (const id of IDS.filter((name) => isInSample(name, 0.1))) assert.ok(isInSample(id, 0.2));
});

test('each level has a share of its own, which the lines tell', async () => {
  const configuration = { ...CONFIGURATION, logLevel: 'debug', logSample: { info: 0.5, debug: 0 } };
  const { sendEvent, log } = await startHandler({ configuration });
  for (const requestId of IDS.slice(0, 200)) {
    for (const uri of ['/public/logo.png', '/users/alice/a.png']) {
      const event = viewerEvent(uri);
      Object.assign(/** @type {any} */ (event.Records[0]).cf.config, { requestId });
      await sendEvent(event);
    }
  }
  const lines = log.entriesOf('decision');
  const expected = IDS.slice(0, 200).filter((id) => isInSample(id, 0.5));
  assert.deepEqual(lines.map(({ requestId }) => requestId), expected);
  assert.ok(lines.every(({ code, share }) => code === 'credentials_missing' && share === 0.5));
  assert.ok(expected.length > 50);
});

test('what is broken is always logged, and so is a request without an id', async () => {
  const configuration = { ...CONFIGURATION, logSample: { info: 0 } };
  const { sendEvent } = await startHandler({ configuration });
  const answer = await sendEvent({ Records: [{ cf: { config: { requestId: IDS[0] } } }] });
  assertRefused(answer, 'internal', 503);
  const { Records } = viewerEvent('/none');
  Object.assign(/** @type {any} */ (Records[0]).cf, { config: {} });
  assert.equal((await sendEvent({ Records })).record?.code, 'no_rule');
});

test('without a share each decision has a line, and no line has one', async () => {
  const { send } = await startHandler({ configuration: { ...CONFIGURATION, logLevel: 'debug' } });
  for (let count = 0; count < 20; count += 1) {
    const { record } = await send('/public/logo.png');
    assert.equal(record?.code, 'public');
    assert.ok(!('share' in record));
  }
});
