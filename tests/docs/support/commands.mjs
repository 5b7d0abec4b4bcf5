// The commands in a block of shell.

import { spawnSync } from 'node:child_process';

/**
 * Splits a script into its commands: one may have several lines, by `\`, a here-document, or `for … done`.
 *
 * @param {string} script
 * @returns {string[]}
 */
export function commandsIn(script) {
  const commands = [];
  let command = '';
  for (const line of script.split('\n')) {
    command = command === '' ? line : `${command}\n${line}`;
    if (command.trim() === '' || command.startsWith('#')) {
      command = '';
    } else if (isComplete(command)) {
      commands.push(command);
      command = '';
    }
  }
  if (command !== '') throw new Error(`this command does not end:\n${command}`);
  return commands;
}

/** Bash tells: it warns of a here-document without its end. @param {string} command */
function isComplete(command) {
  if (command.endsWith('\\')) return false;
  const { status, stderr } = spawnSync('bash', ['-n', '-c', command], { encoding: 'utf8' });
  return status === 0 && stderr === '';
}

/**
 * A command as lists name it: in one line, without the comment at its end.
 *
 * @param {string} command
 * @returns {string}
 */
export function nameOf(command) {
  return command.replace(/\\\n/g, ' ').replace(/ {2,}#.*$/gm, '').replace(/\s+/g, ' ').trim();
}
