import assert from 'node:assert/strict';
import { test } from 'node:test';

import { associate, associated, dissociate, eventsText, originRequestIn } from '../../deploy/publish/association.mjs';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:edge-authorizer';
const OTHER = 'arn:aws:lambda:us-east-1:123456789012:function:edge-authorizer-other:3';
const WHAT = { functionArn: FUNCTION, version: '7', originRequest: null };

/** @param {object} [changes] to the default behavior */
function distribution(changes = {}) {
  return {
    DefaultCacheBehavior: { LambdaFunctionAssociations: { Quantity: 0 }, ...changes },
    CacheBehaviors: { Quantity: 1, Items: [{ PathPattern: '/live/*', LambdaFunctionAssociations: { Quantity: 0 } }] },
  };
}

/** @param {string} arn @param {string} event */
function calling(arn, event) {
  const Items = [{ LambdaFunctionARN: arn, EventType: event, IncludeBody: false }];
  return { LambdaFunctionAssociations: { Quantity: 1, Items } };
}

/** @param {any} behavior */
function callsOf(behavior) {
  const { Quantity, Items = [] } = behavior.LambdaFunctionAssociations;
  assert.equal(Quantity, Items.length);
  return Items.map((/** @type {any} */ item) => [item.EventType, item.LambdaFunctionARN, item.IncludeBody]);
}

test('every behavior calls the version at viewer-request, and no other event', () => {
  const config = distribution();
  assert.deepEqual(associate(config, WHAT), { guarded: ['default', '/live/*'], open: [] });
  for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors.Items]) {
    assert.deepEqual(callsOf(behavior), [['viewer-request', `${FUNCTION}:7`, false]]);
  }
});

test('where requests are signed it is called at origin-request as well, and no longer when they are not', () => {
  const config = distribution();
  associate(config, { ...WHAT, originRequest: { includeBody: true } });
  assert.deepEqual(callsOf(config.DefaultCacheBehavior), [
    ['viewer-request', `${FUNCTION}:7`, false],
    ['origin-request', `${FUNCTION}:7`, true],
  ]);
  assert.deepEqual(associated(config, FUNCTION)?.originRequest, { includeBody: true });
  associate(config, { ...WHAT, version: '8' });
  assert.deepEqual(callsOf(config.DefaultCacheBehavior), [['viewer-request', `${FUNCTION}:8`, false]]);
});

test('behaviors that are chosen call it, and the others are told of', () => {
  const config = distribution();
  assert.deepEqual(associate(config, { ...WHAT, patterns: ['/live/*'] }), { guarded: ['/live/*'], open: ['default'] });
  assert.deepEqual(callsOf(config.DefaultCacheBehavior), []);
  assert.throws(() => associate(config, { ...WHAT, patterns: ['/life/*'] }), /no behavior `\/life\/\*`.*`default`, `\/live\/\*`/);
});

test('behaviors that signed cookies guard are left alone', () => {
  const config = distribution({ TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['K'] } });
  assert.deepEqual(associate(config, WHAT), { guarded: ['/live/*'], open: [] });
});

test('another function keeps its place, unless it is to be replaced', () => {
  const config = distribution(calling(OTHER, 'viewer-request'));
  assert.throws(() => associate(config, WHAT), /`default` calls `.*other:3` at viewer-request: with `--replace`/);
  associate(config, { ...WHAT, replace: true });
  assert.deepEqual(callsOf(config.DefaultCacheBehavior), [['viewer-request', `${FUNCTION}:7`, false]]);
});

test('functions at other events stay', () => {
  const config = distribution(calling(OTHER, 'origin-response'));
  associate(config, WHAT);
  assert.equal(callsOf(config.DefaultCacheBehavior).length, 2);
  assert.deepEqual(dissociate(config, FUNCTION), ['default', '/live/*']);
  assert.deepEqual(callsOf(config.DefaultCacheBehavior), [['origin-response', OTHER, false]]);
});

test('a CloudFront Function beside it is refused, since CloudFront would refuse it', () => {
  const Items = [{ EventType: 'viewer-response', FunctionARN: 'arn:aws:cloudfront::123456789012:function/f' }];
  const config = distribution({ FunctionAssociations: { Quantity: 1, Items } });
  assert.throws(() => associate(config, { ...WHAT, replace: true }), /`default` has a CloudFront Function at viewer-response/);
});

test('what is associated now is the newest version of this function', () => {
  const config = distribution(calling(OTHER, 'viewer-request'));
  assert.equal(associated(config, FUNCTION), undefined);
  associate(config, { ...WHAT, patterns: ['/live/*'] });
  assert.deepEqual(associated(config, FUNCTION), { version: 7, patterns: ['/live/*'], originRequest: null });
});

test('the description of a version tells the events that it is for', () => {
  for (const originRequest of [null, { includeBody: false }, { includeBody: true }]) {
    assert.deepEqual(originRequestIn(eventsText(originRequest)), originRequest);
  }
  assert.equal(eventsText({ includeBody: true }), 'viewer-request, origin-request with body');
  assert.equal(originRequestIn('made by hand'), undefined);
});
