// The Lambda function in us-east-1, and its numbered versions.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { AwsError } from './aws.mjs';
import { settingArguments } from './settings.mjs';

/** @typedef {import('./aws.mjs').Aws} Aws */
/** @typedef {import('./poll.mjs').Poll} Poll */
/** @typedef {import('./settings.mjs').Settings} Settings */

/** A new role is not known everywhere at once; this often creating the function is tried again. */
const ROLE_ATTEMPTS = 12;

/**
 * Brings the function to what the zip is, and publishes it as a version. The same zip twice is one version.
 *
 * @param {Aws} aws
 * @param {{ name: string, zip: string, roleArn: string, description: string, settings: Settings }} what `description` is of
 *   the version
 * @param {Poll} poll
 * @returns {Promise<string>} the ARN of the version
 */
export async function publishFunction(aws, { name, zip, roleArn, description, settings }, poll) {
  const sha256 = createHash('sha256').update(readFileSync(zip)).digest('base64');
  const code = ['--zip-file', `fileb://${zip}`];
  const found = await findFunction(aws, name);
  aws.note('the first time; later: lambda update-function-code and update-function-configuration, each where it differs');
  const configured = [...settingArguments(settings), '--role', roleArn];
  if (found === undefined) await createFunction(aws, name, [...configured, ...code], poll);
  else {
    if (found.CodeSha256 !== sha256) await updateFunction(aws, 'code', name, code, poll);
    const differs = Object.entries({ ...settings, Role: roleArn }).some(([key, value]) => found[key] !== value);
    if (differs) await updateFunction(aws, 'configuration', name, configured, poll);
  }
  // Lambda publishes nothing where somebody else has put other code there in between.
  const args = ['lambda', 'publish-version', '--function-name', name, '--code-sha256', sha256, '--description', description];
  const published = await aws.change(args, { FunctionArn: `${placeholderArn(name)}:VERSION` });
  return published.FunctionArn;
}

/**
 * @param {Aws} aws
 * @param {string} name
 * @returns {Promise<any>} its configuration, or `undefined`
 */
export function findFunction(aws, name) {
  const args = ['lambda', 'get-function-configuration', '--function-name', name];
  return aws.find(args, 'ResourceNotFoundException', undefined);
}

/**
 * @param {Aws} aws
 * @param {string} name
 * @returns {Promise<{ number: number, description: string }[]>} its versions, in order
 */
export async function versionsOf(aws, name) {
  const args = ['lambda', 'list-versions-by-function', '--function-name', name];
  const { Versions: versions } = await aws.read(args, { Versions: [] });
  return versions
    .map((/** @type {any} */ { Version: version, Description: description = '' }) => ({ number: Number(version), description }))
    .filter((/** @type {any} */ { number }) => Number.isInteger(number))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => a.number - b.number);
}

/**
 * @param {Aws} aws
 * @param {string} name
 * @returns {Promise<boolean>} false while replicas of it are left: they go some hours after the last association
 */
export async function removeFunction(aws, name) {
  try {
    await aws.change(['lambda', 'delete-function', '--function-name', name]);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ResourceNotFoundException') return true;
    // "Delete Lambda@Edge functions and replicas" in the CloudFront Developer Guide.
    if (/replicated function/i.test(error.message)) return false;
    throw error;
  }
}

/** What stands for its ARN where it is not known. @type {(name: string) => string} */
export function placeholderArn(name) {
  return `arn:aws:lambda:us-east-1:ACCOUNT:function:${name}`;
}

/** @type {(aws: Aws, name: string, args: string[], poll: Poll) => Promise<void>} */
async function createFunction(aws, name, args, poll) {
  const command = ['lambda', 'create-function', '--function-name', name, ...args];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await aws.change(command);
      break;
    } catch (error) {
      const isRoleUnknown = error instanceof AwsError && /cannot be assumed by Lambda/.test(error.message);
      if (!isRoleUnknown || attempt === ROLE_ATTEMPTS) throw error;
      await poll.pause('the new role is not known everywhere yet');
    }
  }
  await untilReady(aws, name, poll);
}

/** @type {(aws: Aws, what: 'code' | 'configuration', name: string, args: string[], poll: Poll) => Promise<void>} */
async function updateFunction(aws, what, name, args, poll) {
  await aws.change(['lambda', `update-function-${what}`, '--function-name', name, ...args]);
  await untilReady(aws, name, poll);
}

/** @type {(aws: Aws, name: string, poll: Poll) => Promise<void>} */
async function untilReady(aws, name, poll) {
  if (aws.isDryRun) return;
  await poll.until('the function is being prepared', async () => {
    const { State: state = 'Active', LastUpdateStatus: update = 'Successful', ...rest } = await findFunction(aws, name);
    if (state === 'Failed' || update === 'Failed') {
      throw new Error(`the function could not be prepared: ${rest.StateReason ?? rest.LastUpdateStatusReason}`);
    }
    return state === 'Active' && update === 'Successful';
  });
}
