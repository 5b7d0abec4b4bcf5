import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bundle } from './support/bundle.mjs';
import { Moto, SECRET } from './support/moto.mjs';
import { viewers } from './support/viewers.mjs';
import { noTools } from './support/tools.mjs';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:edge-authorizer';

/** @type {(moto: Moto, id: string) => Promise<any>} */
async function configOf(moto, id) {
  return (await moto.aws('cloudfront', 'get-distribution-config', '--id', id)).DistributionConfig;
}

/** What each behavior calls. @type {(config: any) => string[][]} */
function associationsIn({ DefaultCacheBehavior, CacheBehaviors }) {
  return [DefaultCacheBehavior, ...CacheBehaviors.Items].map(({ LambdaFunctionAssociations: { Items = [] } }) =>
    Items.map((/** @type {any} */ item) => `${item.EventType} ${item.LambdaFunctionARN}`),
  );
}

/** @type {(result: import('./support/moto.mjs').Result) => string} */
function outputOf({ code, stdout, stderr }) {
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, stdout);
  return stdout;
}

test('a zip is published, updated, rolled back, published again and taken away', { skip: noTools() }, async (t) => {
  const moto = await Moto.start(t);
  const id = await moto.createDistribution();
  const first = await bundle(moto, 'first');
  // The second one signs as well: going back, it has to be called at fewer events.
  const sign = (/** @type {any} */ { forward, ...others }) => ({ ...others, forward: { ...forward, sign: { service: 's3' } } });
  const second = [...(await bundle(moto, 'second', sign)), '--origin-arn', 'arn:aws:s3:::bucket/*'];
  const callsFirst = Array(2).fill([`viewer-request ${ARN}:1`]);
  const callsSecond = Array(2).fill([`viewer-request ${ARN}:2`, `origin-request ${ARN}:2`]);
  let everything = '';

  await t.test('the first version', async (t) => {
    const { url } = await viewers(t, 401);
    const output = outputOf(await moto.run('publish', ...first, '--distribution', id, '--smoke-url', url));
    everything += output;
    assert.match(output, /behaviors that call it: default, \/videos\/\*/);
    assert.match(output, /CloudFront is deploying/);
    assert.match(output, /\/users\/smoke-test\/smoke-test without a token: 401/);
    assert.deepEqual(associationsIn(await configOf(moto, id)), callsFirst);

    const { Role: role } = await moto.aws('iam', 'get-role', '--role-name', 'edge-authorizer');
    const services = role.AssumeRolePolicyDocument.Statement.map((/** @type {any} */ s) => s.Principal.Service);
    assert.deepEqual(services.flat().sort(), ['edgelambda.amazonaws.com', 'lambda.amazonaws.com']);
  });

  await t.test('an update is a second version, which the first is rolled back to', async () => {
    const output = outputOf(await moto.run('publish', ...second, '--distribution', id));
    everything += output;
    assert.match(output, /skipped: the name \S+\.cloudfront\.net cannot be resolved/);
    assert.deepEqual(associationsIn(await configOf(moto, id)), callsSecond);
    everything += outputOf(await moto.run('rollback', '--distribution', id));
    assert.deepEqual(associationsIn(await configOf(moto, id)), callsFirst);
    const further = await moto.run('rollback', '--distribution', id);
    assert.equal(further.code, 1);
    assert.match(further.stderr, /has no version before 1: it has 1, 2/);
  });

  await t.test('the same zip again is the same version, and is not sent again', async () => {
    const output = outputOf(await moto.run('publish', ...second, '--distribution', id));
    everything += output;
    assert.doesNotMatch(output, /update-function|create-function/);
    const config = await configOf(moto, id);
    assert.deepEqual(associationsIn(config), callsSecond);
    assert.equal(config.Origins.Items[0].CustomHeaders.Items[0].HeaderValue, SECRET);
  });

  await t.test('another memory is another version, and the function is configured before it', async () => {
    const output = outputOf(await moto.run('publish', ...second, '--distribution', id, '--memory', '256', '--timeout', '10'));
    everything += output;
    assert.match(output, /update-function-configuration .*--memory-size 256 --timeout 10 /);
    assert.doesNotMatch(output, /update-function-code/);
    const published = await moto.aws('lambda', 'get-function-configuration', '--function-name', `${ARN}:3`);
    assert.deepEqual([published.MemorySize, published.Timeout], [256, 10]);
    everything += outputOf(await moto.run('rollback', '--distribution', id));
    assert.deepEqual(associationsIn(await configOf(moto, id)), callsSecond);
  });

  await t.test('taking it away needs a word on what becomes of the distribution', async () => {
    const { code, stderr } = await moto.run('unpublish', '--distribution', id);
    assert.equal(code, 1);
    assert.match(stderr, /`--disable`.*`--unguarded`/);
    assert.deepEqual(associationsIn(await configOf(moto, id)), callsSecond);
  });

  await t.test('first the association goes, and hours later the function and its role', async () => {
    const early = await moto.run('unpublish', '--distribution', id, '--disable');
    everything += early.stdout;
    assert.equal(early.code, 1);
    assert.match(early.stdout, /still has replicas/);
    const config = await configOf(moto, id);
    assert.deepEqual([associationsIn(config), config.Enabled], [[[], []], false]);
    await moto.aws('iam', 'get-role', '--role-name', 'edge-authorizer');

    everything += outputOf(await moto.run('unpublish', '--distribution', id, '--disable'));
    await assert.rejects(moto.aws('lambda', 'get-function', '--function-name', 'edge-authorizer'), /ResourceNotFound/);
    await assert.rejects(moto.aws('iam', 'get-role', '--role-name', 'edge-authorizer'), /NoSuchEntity/);
  });

  await t.test('nothing secret was in a command', () => {
    assert.match(everything, /--distribution-config file:\/\/distribution\.json/);
    assert.ok(!everything.includes(SECRET));
  });
});
