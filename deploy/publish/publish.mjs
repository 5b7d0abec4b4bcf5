// From a zip to a distribution that calls it, back to the version before, and away again.

import { readFileSync } from 'node:fs';

import { checkConfiguration, reportText } from '../../www-shim/cli/check.mjs';
import { distributionNeeds } from '../../www-shim/cli/distribution-needs.mjs';
import { readZip } from '../../scripts/zip.mjs';
import { associate, assumeBehaviors, associated, dissociate, eventsText, originRequestIn } from './association.mjs';
import { changeConfig, readConfig } from './distribution.mjs';
import { placeholderArn, findFunction, publishFunction, removeFunction, versionsOf } from './function.mjs';
import { ensureRole, removeRole } from './role.mjs';
import { warningAbout } from './settings.mjs';
import { guardedPath, smokeTest } from './smoke-test.mjs';

/** @typedef {import('./aws.mjs').Aws} Aws */
/** @typedef {import('./poll.mjs').Poll} Poll */
/** @typedef {import('../../www-shim/cli/types.d.ts').DistributionNeeds} DistributionNeeds */

/**
 * @typedef {object} Tools
 * @property {Aws} aws
 * @property {Poll} poll
 * @property {(line: string) => void} say
 */

/**
 * @typedef {object} PublishOptions
 * @property {string} name of function and role
 * @property {string} config
 * @property {string} zip
 * @property {string} [distribution] its id; without it the version is published and nothing calls it
 * @property {string[]} [behaviors] path patterns
 * @property {boolean} replace
 * @property {boolean} allowAuthorizationOff
 * @property {string[]} originArns
 * @property {string} [smokeUrl]
 * @property {import('./settings.mjs').Settings} settings of the function
 */

/** The name of a distribution that a dry run has not asked for. */
const PLACEHOLDER_HOST = 'd111111abcdef8.cloudfront.net';

/** @type {(options: PublishOptions, tools: Tools) => Promise<void>} */
export async function publish(options, { aws, poll, say }) {
  const { name, config, zip, distribution, settings } = options;
  const configText = readFileSync(config, 'utf8');
  const needs = await checkedNeeds(options, configText);
  const { originRequest } = needs;

  say(`==> role ${name}`);
  const roleArn = await ensureRole(aws, name, needs.permissions, options.originArns);
  say(`==> function ${name} in us-east-1`);
  const warning = warningAbout(settings);
  if (warning !== undefined) say(`    warning: ${warning}`);
  const description = eventsText(originRequest);
  const versionArn = await publishFunction(aws, { name, zip, roleArn, description, settings }, poll);
  say(`    ${versionArn}`);
  if (distribution === undefined) {
    say('no `--distribution`: nothing calls this version yet');
    return;
  }

  say(`==> distribution ${distribution}`);
  const [functionArn, version] = splitVersion(versionArn);
  const { replace, behaviors: patterns } = options;
  const { said, domainName } = await changeConfig(aws, distribution, poll, (written) => {
    if (aws.isDryRun) assumeBehaviors(written, patterns);
    return associate(written, { functionArn, version, originRequest, patterns, replace });
  });
  if (aws.isDryRun && patterns === undefined) {
    say('    behaviors that call it: all that there are, except those that a key group of signed cookies guards');
  } else say(`    behaviors that call it: ${said.guarded.join(', ')}`);
  if (said.open.length > 0) say(`    warning: behaviors that do not: ${said.open.join(', ')}`);

  say('==> smoke test');
  const expected = guardedPath(configText, config, aws.isDryRun ? PLACEHOLDER_HOST : domainName);
  if (expected === undefined) say('    skipped: everybody may pass everywhere');
  else if (aws.isDryRun) say(`    to be asked: ${expected.path} without a token, which has to be answered with ${expected.status}`);
  else say(`    ${await smokeTest(options.smokeUrl ?? `https://${domainName}`, expected)}`);
}

/**
 * @param {{ name: string, distribution: string, to?: number }} options
 * @param {Tools} tools
 */
export async function rollback({ name, distribution, to }, { aws, poll, say }) {
  const functionArn = await functionArnOf(aws, name);
  const { DistributionConfig: config } = await readConfig(aws, distribution);
  const now = associated(config, functionArn);
  const versions = await versionsOf(aws, name);
  if (aws.isDryRun) {
    say(`==> distribution ${distribution}: from the version that it calls to ${to === undefined ? 'the one before' : `version ${to}`}`);
    await changeConfig(aws, distribution, poll, () => undefined);
    say('    behaviors that call it: those that do now');
    return;
  }
  if (now === undefined) throw new Error(`\`${distribution}\` does not call \`${name}\`: there is nothing to roll back`);
  const target = versions.findLast(({ number }) => (to === undefined ? number < now.version : number === to));
  if (target === undefined) {
    const known = versions.map(({ number }) => number).join(', ');
    throw new Error(`\`${name}\` has no version ${to ?? `before ${now.version}`}: it has ${known}`);
  }
  say(`==> distribution ${distribution}: from version ${now.version} to ${target.number}`);
  const { patterns } = now;
  const known = originRequestIn(target.description);
  const originRequest = known === undefined ? now.originRequest : known;
  await changeConfig(aws, distribution, poll, (written) =>
    associate(written, { functionArn, version: String(target.number), originRequest, patterns }),
  );
  say(`    behaviors that call it: ${patterns.join(', ')}`);
}

/**
 * In the order that Lambda@Edge needs: association, function, role.
 *
 * @param {{ name: string, distribution?: string, unguarded: boolean, disable: boolean }} options
 * @param {Tools} tools
 * @returns {Promise<boolean>} false while replicas of the function are left, and with them the function and its role
 */
export async function unpublish({ name, distribution, unguarded, disable }, { aws, poll, say }) {
  if (distribution !== undefined) {
    if (unguarded === disable) {
      throw new Error(
        'without the function everybody sees everything: ' +
          'say `--disable`, and the distribution answers nobody, or `--unguarded`, and it answers all',
      );
    }
    say(`==> distribution ${distribution}`);
    const found = await findFunction(aws, name);
    const functionArn = found?.FunctionArn ?? placeholderArn(name);
    const { said: patterns } = await changeConfig(aws, distribution, poll, (written) => {
      if (disable) written.Enabled = false;
      return dissociate(written, functionArn);
    });
    aws.note(`distribution.json: ${disable ? 'Enabled false' : 'stays enabled, OPEN TO EVERYBODY'}; no behavior calls the function`);
    if (aws.isDryRun) say('    behaviors that call it: to be read from the distribution');
    else say(`    behaviors that called it: ${patterns.length > 0 ? patterns.join(', ') : 'none'}`);
  }
  say(`==> function ${name}`);
  if (!(await removeFunction(aws, name))) {
    say('    CloudFront still has replicas of it, for some hours after the last association is gone.');
    say('    Say the same again then: what is done is done, and the rest follows.');
    return false;
  }
  say(`==> role ${name}`);
  await removeRole(aws, name);
  say(`What stays: the logs, in each Region that ran the function, under /aws/lambda/us-east-1.${name}`);
  return true;
}

/**
 * @param {PublishOptions} options
 * @param {string} configText
 * @returns {Promise<DistributionNeeds>}
 * @throws {Error} where this must not be published
 */
async function checkedNeeds({ config, zip, allowAuthorizationOff, originArns }, configText) {
  const report = await checkConfiguration(config);
  if (report.errors.length > 0) throw new Error(reportText(config, report).trimEnd());
  const bundled = readZip(readFileSync(zip)).find(({ name }) => name === 'authorizer.json')?.content;
  if (bundled?.toString() !== configText) {
    throw new Error(`\`${zip}\` holds another configuration than \`${config}\`: ./build.sh build --config ${config}`);
  }
  const needs = distributionNeeds(JSON.parse(configText));
  if (needs.authorization === 'off' && !allowAuthorizationOff) {
    throw new Error(`\`${config}\` has \`"authorization": "off"\`: every request would pass; \`--allow-authorization-off\` if that is meant`);
  }
  const unnamed = needs.permissions.find(({ resources }) => resources === null);
  if (unnamed !== undefined && originArns.length === 0) {
    throw new Error(`the role needs ${unnamed.actions.join(', ')}: \`--origin-arn ARN\` has to say on what`);
  }
  return needs;
}

/** @type {(aws: Aws, name: string) => Promise<string>} */
async function functionArnOf(aws, name) {
  const found = await findFunction(aws, name);
  if (found !== undefined) return found.FunctionArn;
  if (aws.isDryRun) return placeholderArn(name);
  throw new Error(`there is no function \`${name}\` in us-east-1`);
}

/** @type {(arn: string) => [functionArn: string, version: string]} */
function splitVersion(arn) {
  const at = arn.lastIndexOf(':');
  return [arn.slice(0, at), arn.slice(at + 1)];
}
