import { createRequire } from 'node:module';
import { check } from './check.mjs';
import { convert } from './convert.mjs';
import { UsageError } from './errors.mjs';
import { explain } from './explain.mjs';
import { commandHelp, overview } from './help.mjs';
import { keygen } from './keygen.mjs';
import { nearest } from './nearest.mjs';
import { needs } from './needs.mjs';
import { parseOptions } from './options.mjs';
import { pin } from './pin.mjs';
import { serve } from './serve.mjs';
import { token } from './token.mjs';

/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./types.d.ts').Io} Io */

/** @type {Record<string, Command>} */
const COMMANDS = { explain, check, serve, pin, needs, keygen, token, convert };

/**
 * The command line: finds the command, reads its options, runs it.
 *
 * @param {string[]} args without the program's own name
 * @param {Io} io
 * @returns {Promise<number>} the exit code: 0 done, 1 failed, 2 not understood
 */
export async function main(args, io) {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`edge-authorizer: ${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    const command = args[0] !== undefined && Object.hasOwn(COMMANDS, args[0]) ? ` ${args[0]}` : '';
    io.err(`run \`edge-authorizer help${command}\` for what there is\n`);
    return 2;
  }
}

/** @type {(args: string[], io: Io) => Promise<number>} */
async function dispatch([name, ...rest], io) {
  if (name === undefined) throw new UsageError('a command is missing');
  if (name === '--version' || name === 'version') return version(io);
  if (name === 'help' || name === '--help' || name === '-h') return help(rest, io);
  const command = commandNamed(name);
  if (rest.includes('--help') || rest.includes('-h')) return help([name], io);
  return command.run(parseOptions(rest, command.options), io);
}

/** @type {(name: string) => Command} */
function commandNamed(name) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command;
  const meant = nearest(name, [...Object.keys(COMMANDS), 'help', '--version']);
  const hint = meant ? `; did you mean \`${meant}\`?` : '';
  throw new UsageError(`unknown command \`${name}\`${hint}`);
}

/** @type {(names: string[], io: Io) => number} */
function help([name], io) {
  io.out(name === undefined ? overview(COMMANDS) : commandHelp(name, commandNamed(name)));
  return 0;
}

/** @type {(io: Io) => number} */
function version(io) {
  io.out(`${createRequire(import.meta.url)('../package.json').version}\n`);
  return 0;
}
