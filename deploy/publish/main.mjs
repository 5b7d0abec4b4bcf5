// node deploy/publish/main.mjs COMMAND …: what `./build.sh publish`, `rollback` and `unpublish` do once there is a zip.

import { parseArgs } from 'node:util';

import { UsageError } from '../../www-shim/cli/errors.mjs';
import { Aws } from './aws.mjs';
import { Poll } from './poll.mjs';
import { publish, rollback, unpublish } from './publish.mjs';
import { settingsOf } from './settings.mjs';

/** @typedef {import('./publish.mjs').Tools} Tools */

/** A distribution is asked for its state this often. */
const POLL_SECONDS = 10;

const COMMON = /** @type {const} */ ({
  name: { type: 'string', default: 'edge-authorizer' },
  distribution: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'poll-seconds': { type: 'string', default: String(POLL_SECONDS) },
});

/** @type {Record<string, (args: string[]) => Promise<boolean | void>>} */
const COMMANDS = {
  publish: (args) => {
    const { config, zip, tools, ...options } = publishOptions(args);
    return publish({ ...options, config: required(config, 'config'), zip: required(zip, 'zip') }, tools);
  },
  // For `./build.sh publish`, which says before it builds what it would not take afterwards.
  'options-of-publish': async (args) => void publishOptions(args),
  rollback: (args) => {
    const { values } = parseArgs({ args, options: { ...COMMON, to: { type: 'string' } } });
    const to = optionalNumber(values.to, 'to');
    return rollback({ name: values.name, distribution: required(values.distribution, 'distribution'), to }, toolsFor(values));
  },
  unpublish: (args) => {
    const { values } = parseArgs({
      args,
      options: {
        ...COMMON,
        unguarded: { type: 'boolean', default: false },
        disable: { type: 'boolean', default: false },
      },
    });
    return unpublish(values, toolsFor(values));
  },
};

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code: 0 done, 1 failed, 2 the command line was not understood
 */
async function main([command = '', ...args]) {
  try {
    if (!Object.hasOwn(COMMANDS, command)) {
      throw new UsageError(`unknown command \`${command}\`: publish, rollback, unpublish there are`);
    }
    return (await COMMANDS[command]?.(args)) === false ? 1 : 0;
  } catch (error) {
    const isMisused = error instanceof UsageError || isOfParseArgs(error);
    const message = error instanceof Error ? error.message : String(error);
    console.error(`${command.replace('options-of-', '')}: ${isOfParseArgs(error) ? inOurWords(message) : message}`);
    return isMisused ? 2 : 1;
  }
}

/** @type {(error: any) => boolean} */
function isOfParseArgs(error) {
  return String(error?.code).startsWith('ERR_PARSE_ARGS');
}

/** The first sentence: the others are for who wants an argument that begins with `-`. @type {(message: string) => string} */
function inOurWords(message) {
  const [sentence = ''] = message.split(/\n|\. /);
  const text = sentence.replaceAll("'", '`').replace(/\.$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** @param {string[]} args */
function publishOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      ...COMMON,
      config: { type: 'string' },
      zip: { type: 'string' },
      behavior: { type: 'string', multiple: true },
      replace: { type: 'boolean', default: false },
      'allow-authorization-off': { type: 'boolean', default: false },
      'origin-arn': { type: 'string', multiple: true, default: [] },
      'smoke-url': { type: 'string' },
      memory: { type: 'string' },
      timeout: { type: 'string' },
    },
  });
  const { name, distribution, replace, behavior: behaviors, config, zip } = values;
  return {
    ...{ name, distribution, replace, behaviors, config, zip },
    allowAuthorizationOff: values['allow-authorization-off'],
    originArns: values['origin-arn'],
    smokeUrl: values['smoke-url'],
    settings: settingsOf({ memory: optionalNumber(values.memory, 'memory'), timeout: optionalNumber(values.timeout, 'timeout') }),
    tools: toolsFor(values),
  };
}

/** @type {(values: { 'dry-run': boolean, 'poll-seconds': string }) => Tools} */
function toolsFor({ 'dry-run': dryRun, 'poll-seconds': seconds }) {
  const say = console.log;
  return { say, aws: new Aws({ say, dryRun }), poll: new Poll(say, wholeNumber(seconds, 'poll-seconds')) };
}

/** @type {(value: string | undefined, option: string) => string} */
function required(value, option) {
  if (value === undefined) throw new UsageError(`\`--${option}\` is missing`);
  return value;
}

/** @type {(value: string | undefined, option: string) => number | undefined} */
function optionalNumber(value, option) {
  return value === undefined ? undefined : wholeNumber(value, option);
}

/** @type {(value: string, option: string) => number} */
function wholeNumber(value, option) {
  if (!/^\d+$/.test(value)) throw new UsageError(`\`--${option}\` takes a whole number, not \`${value}\``);
  return Number(value);
}
