// node deploy/publish/main.mjs COMMAND …: what `./build.sh publish`, `rollback` and `unpublish` do once there is a zip.

import { parseArgs } from 'node:util';

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
    const { name, distribution, replace, behavior: behaviors } = values;
    const options = {
      ...{ name, distribution, replace, behaviors },
      config: required(values.config, 'config'),
      zip: required(values.zip, 'zip'),
      allowAuthorizationOff: values['allow-authorization-off'],
      originArns: values['origin-arn'],
      smokeUrl: values['smoke-url'],
      settings: settingsOf({ memory: optionalNumber(values.memory, 'memory'), timeout: optionalNumber(values.timeout, 'timeout') }),
    };
    return publish(options, toolsFor(values));
  },
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
 * @returns {Promise<number>} the exit code
 */
async function main([command = '', ...args]) {
  try {
    if (!Object.hasOwn(COMMANDS, command)) {
      throw new Error(`unknown command \`${command}\`: ${Object.keys(COMMANDS).join(', ')} there are`);
    }
    return (await COMMANDS[command]?.(args)) === false ? 1 : 0;
  } catch (error) {
    console.error(`${command}: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

/** @type {(values: { 'dry-run': boolean, 'poll-seconds': string }) => Tools} */
function toolsFor({ 'dry-run': dryRun, 'poll-seconds': seconds }) {
  const say = console.log;
  return { say, aws: new Aws({ say, dryRun }), poll: new Poll(say, wholeNumber(seconds, 'poll-seconds')) };
}

/** @type {(value: string | undefined, option: string) => string} */
function required(value, option) {
  if (value === undefined) throw new Error(`\`--${option}\` is missing`);
  return value;
}

/** @type {(value: string | undefined, option: string) => number | undefined} */
function optionalNumber(value, option) {
  return value === undefined ? undefined : wholeNumber(value, option);
}

/** @type {(value: string, option: string) => number} */
function wholeNumber(value, option) {
  if (!/^\d+$/.test(value)) throw new Error(`\`--${option}\` takes a whole number, not \`${value}\``);
  return Number(value);
}
