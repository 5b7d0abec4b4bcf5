// docs/runbook.md: each command in it is run, in order, with the real AWS CLI, in an account that moto makes believe.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Checkout } from '../docs/support/checkout.mjs';
import { commandsIn } from '../docs/support/commands.mjs';
import { documentOf, ROOT } from '../docs/support/documents.mjs';
import { Shell } from '../docs/support/shell.mjs';
import { bundle } from './support/bundle.mjs';
import { Moto } from './support/moto.mjs';
import { noTools } from './support/tools.mjs';

const RUNBOOK = documentOf('docs/runbook.md');
const COMMANDS = [...new Set(RUNBOOK.blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => commandsIn(text)))];
const GROUP = '/aws/lambda/us-east-1.edge-authorizer';

/** moto has no such call: it is only seen that the AWS CLI understands what is typed, and asks. cfn-lint looks at the template. */
const UNKNOWN_TO_MOTO = /update-key-group|cloudformation deploy/;
const MISUNDERSTOOD = /usage:|Unknown options|Parameter validation failed|Error parsing parameter|Invalid template path/;

/** What the runbook takes for granted: a published function, logs in another Region, secrets, a key group. */
const BEFORE = `
aws logs create-log-group --region eu-central-1 --log-group-name ${GROUP}
aws logs create-log-stream --region eu-central-1 --log-group-name ${GROUP} --log-stream-name s
aws logs put-log-events --region eu-central-1 --log-group-name ${GROUP} --log-stream-name s --log-events file://events.json
aws ssm put-parameter --region us-east-1 --name /edge-authorizer/hs256 --type SecureString --value before
aws secretsmanager create-secret --region us-east-1 --name edge-authorizer/client --secret-string before
aws cloudfront create-key-group --key-group-config Name=live,Items=K1EXAMPLE --query KeyGroup.Id --output text
`;

/** @type {(t: import('node:test').TestContext) => Promise<{ moto: Moto, distribution: string, checkout: Checkout, shell: Shell }>} */
async function start(t) {
  const moto = await Moto.start(t);
  const checkout = await Checkout.make(t);
  const distribution = await moto.createDistribution();
  checkout.useAws(moto.environment, distribution);
  // Somebody's own Region, in which nothing of ours is.
  Object.assign(checkout.environment, { AWS_DEFAULT_REGION: 'eu-west-3', AWS_MAX_ATTEMPTS: '1' });
  cpSync(join(ROOT, 'deploy/cloudformation'), join(checkout.folder, 'deploy/cloudformation'), { recursive: true });
  const line = JSON.stringify({ level: 'error', message: 'decision', code: 'keys_unavailable', requestId: 'REQUEST_ID' });
  const events = [{ timestamp: Date.now(), message: `2026-01-01T00:00:00.000Z\tid\tINFO\t${line}` }];
  writeFileSync(join(checkout.folder, 'events.json'), JSON.stringify(events));
  for (const name of ['secret.txt', 'client-secret.txt']) writeFileSync(join(checkout.folder, name), 'x'.repeat(64));
  return { moto, distribution, checkout, shell: new Shell(t, checkout) };
}

test('each command of the runbook runs', { skip: noTools() }, async (t) => {
  const { moto, distribution, checkout, shell } = await start(t);
  let keyGroup = '';
  const run = async (/** @type {string} */ command) => {
    const polled = /^\.\/build\.sh (?:publish|rollback|unpublish)/.test(command) ? `${command} --poll-seconds 0` : command;
    return shell.run(await checkout.asHere(polled.replaceAll('G1EXAMPLE', keyGroup)));
  };
  for (const command of commandsIn(BEFORE)) {
    const { status, stdout, stderr } = await run(command);
    assert.equal(status, 0, `${command}\n${stderr}`);
    keyGroup = stdout.trim();
  }
  // Something to go back to.
  for (const realm of ['first', 'second']) {
    const bundled = await bundle(moto, realm, (configuration) => ({ ...configuration, realm }));
    const { code, stderr } = await moto.run('publish', ...bundled, '--distribution', distribution);
    assert.equal(code, 0, stderr);
  }
  /** @type {Map<string, string>} */
  const printed = new Map();
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = await run(command);
    printed.set(command, stdout);
    if (UNKNOWN_TO_MOTO.test(command)) assert.deepEqual([status === 0, MISUNDERSTOOD.exec(stderr)], [false, null], command);
    // The replicas are still there: the runbook says so.
    else if (command.startsWith('./build.sh unpublish')) assert.deepEqual([status, /replicas/.test(stdout)], [1, true], command);
    // The documents' user pool is nobody's.
    else if (/cli\.mjs pin /.test(command)) assert.deepEqual([status, /not pinned/.test(stdout)], [1, true], command);
    else assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
  }
  const printedBy = (/** @type {RegExp} */ pattern) => [...printed].filter(([command]) => pattern.test(command)).map(([, text]) => text);
  assert.deepEqual(printedBy(/describe-log-groups/), [`eu-central-1\t${GROUP}\n`]);
  for (const text of printedBy(/filter-log-events/)) assert.match(text, /keys_unavailable/);
  assert.equal(printedBy(/filter-log-events/).length, 2);
});

test('each code of a failure is in the runbook', () => {
  const configuration = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
  const rows = [...configuration.matchAll(/^\| (5\d\d\b.*?) \| (.*) \|$/gm)];
  const codes = rows.flatMap(([, , cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => String(code)));
  assert.deepEqual(codes.sort(), ['internal', 'keys_unavailable', 'origin_failed', 'secrets_unavailable', 'sign_in_unavailable']);
  for (const code of codes) assert.match(RUNBOOK.text, new RegExp(`^\\| \`${code}\``, 'm'), code);
});

test('the parameters that the runbook gives to the template of the alarms are those that it has', () => {
  const { Parameters } = JSON.parse(readFileSync(join(ROOT, 'deploy/cloudformation/alarms.json'), 'utf8'));
  const overrides = COMMANDS.flatMap((command) => /--parameter-overrides (.*)/.exec(command)?.[1]?.split(' ') ?? []);
  const given = overrides.map((override) => override.split('=')[0]);
  const needed = Object.keys(Parameters).filter((name) => Parameters[name].Default === undefined);
  assert.deepEqual(given.sort(), needed.sort());
});

test('each metric and each alarm is in the runbook', () => {
  const template = JSON.parse(readFileSync(join(ROOT, 'deploy/cloudformation/images.json'), 'utf8'));
  const alarms = JSON.parse(readFileSync(join(ROOT, 'deploy/cloudformation/alarms.json'), 'utf8'));
  const resources = Object.entries({ ...template.Resources, ...alarms.Resources });
  // What CDK puts behind a name: eight hexadecimal digits.
  const names = resources.flatMap(([name, { Type }]) => (Type === 'AWS::CloudWatch::Alarm' ? [name.replace(/[0-9A-F]{8}$/, '')] : []));
  const described = [...RUNBOOK.text.matchAll(/^\| `([\w…]+)`(?: \*)? \| /gm)].map(([, name = '']) => name);
  for (const name of names) {
    const isDescribed = described.some((pattern) => new RegExp(`^${pattern.replaceAll('…', '.*')}$`).test(name));
    assert.ok(isDescribed, `${name} is not in ${RUNBOOK.name}`);
  }
  assert.equal(names.length, 4);
  for (const metric of ['Decisions', 'DecisionTime', 'KeySetAge']) assert.match(RUNBOOK.text, new RegExp(`^\\| \`${metric}\``, 'm'));
});
