// docs/command-line.md: each option of each command is in it, and no other. tests/docs runs its commands.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './support/cli.mjs';

const ROOT = new URL('../../', import.meta.url);
const TEXT = readFileSync(new URL('docs/command-line.md', ROOT), 'utf8');
const COMMANDS = ['check', 'keygen', 'token', 'explain', 'pin', 'needs', 'convert', 'serve'];

/** @param {string} command */
function sectionOf(command) {
  const section = TEXT.split(/^## /m).find((part) => part.startsWith(`${command}\n`));
  assert.ok(section, `\`${command}\` has no section`);
  return section;
}

test('each command is documented with every option, and with no other', async () => {
  const { stdout: overview } = await run('help');
  const known = [...overview.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => String(name)).filter((name) => name !== 'help');
  assert.deepEqual([...COMMANDS].sort(), known.sort());
  for (const command of COMMANDS) {
    const { stdout } = await run('help', command);
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => String(option));
    const rows = sectionOf(command).match(/^\| `--.*$/gm) ?? [];
    const documented = rows.flatMap((row) => (row.split(' | ')[0] ?? '').match(/--[a-z-]+/g) ?? []);
    assert.deepEqual(documented.sort(), options.sort(), command);
  }
});

test('the exit codes and the decisions are named as they are', async () => {
  for (const word of ['decision', 'status', 'code', 'rule', 'result', 'trace']) assert.ok(TEXT.includes(`\`${word}\``), word);
  assert.match((await run('help')).stdout, /exit codes: 0 done, 1 failed, 2 the command line was not understood/);
});
