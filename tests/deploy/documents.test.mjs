// The commands in the documents that need an account (RUN_WITH_ACCOUNT), with the real AWS CLI, in one that moto makes believe.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Checkout } from '../docs/support/checkout.mjs';
import { commandsIn, nameOf } from '../docs/support/commands.mjs';
import { documents, ROOT } from '../docs/support/documents.mjs';
import { RUN_WITH_ACCOUNT } from '../docs/support/not-run.mjs';
import { Shell } from '../docs/support/shell.mjs';
import { Moto } from './support/moto.mjs';
import { noTools } from './support/tools.mjs';

const REGIONS = ['us-east-1', 'eu-central-1', 'ap-northeast-1'];
const BUCKET = 'a-bucket-in-us-east-1';

/** moto does not create what is in the template: it is only seen that the AWS CLI understands what is typed. */
const UNKNOWN_TO_MOTO = /cloudformation deploy/;
const MISUNDERSTOOD = /usage:|Unknown options|Parameter validation failed|Error parsing parameter|Invalid template path/;

/** What the documents take for granted: a key, a bucket, and log groups, which Lambda makes. */
const BEFORE = [
  '(umask 077 && openssl genrsa -out private_key.pem 2048) && openssl rsa -pubout -in private_key.pem -out public_key.pem',
  `aws s3 mb --region us-east-1 s3://${BUCKET}`,
  ...REGIONS.map((region) => `aws logs create-log-group --region ${region} --log-group-name /aws/lambda/us-east-1.edge-authorizer`),
];

/** As it is typed, by its name. @param {string} wanted */
function commandOf(wanted) {
  const blocks = documents().flatMap(({ blocks }) => blocks).filter(({ language }) => language === 'sh');
  return blocks.flatMap(({ text }) => commandsIn(text)).find((command) => nameOf(command) === wanted) ?? assert.fail(`no \`${wanted}\``);
}

test('each command that needs an account runs', { skip: noTools() }, async (t) => {
  const moto = await Moto.start(t);
  const checkout = await Checkout.make(t);
  checkout.useAws(moto.environment, await moto.createDistribution());
  cpSync(join(ROOT, 'deploy/cloudformation'), join(checkout.folder, 'deploy/cloudformation'), { recursive: true });
  const shell = new Shell(t, checkout);
  const run = async (/** @type {string} */ command) => shell.run((await checkout.asHere(command)).replaceAll('BUCKET', BUCKET));
  for (const command of BEFORE) assert.equal((await run(command)).status, 0, command);

  const published = await run('./build.sh publish --config authorizer.json --distribution E1EXAMPLE --poll-seconds 0');
  assert.equal(published.status, 0, published.stdout + published.stderr);
  const hash = createHash('sha256').update(readFileSync(join(checkout.folder, 'dist/edge-authorizer.zip'))).digest('base64');

  for (const name of RUN_WITH_ACCOUNT) {
    const { status, stdout, stderr } = await run(commandOf(name));
    if (UNKNOWN_TO_MOTO.test(name)) {
      assert.equal(MISUNDERSTOOD.exec(stderr), null, stderr);
      continue;
    }
    assert.equal(status, 0, `${name}\n${stdout}${stderr}`);
    // As the documents say: what AWS shows is what the build prints.
    if (name.includes('CodeSha256')) assert.equal(JSON.parse(stdout), hash);
  }
});
