// docs/command-line.md: each command in it is run, in order, and each option of each command is in it.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith, run } from './support/cli.mjs';
import { within } from './support/within.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const ROOT = new URL('../../', import.meta.url);
const TEXT = readFileSync(new URL('docs/command-line.md', ROOT), 'utf8');
const COMMANDS = ['check', 'keygen', 'token', 'explain', 'pin', 'needs', 'serve'];

/** @param {string} language */
function blocks(language) {
  return [...TEXT.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text]) => (name === language ? [String(text)] : []));
}

/** @param {string} command */
function sectionOf(command) {
  const section = TEXT.split(/^## /m).find((part) => part.startsWith(`${command}\n`));
  assert.ok(section, `\`${command}\` has no section`);
  return section;
}

/**
 * A shell's environment in which `edge-authorizer` is this one.
 *
 * @param {TestContext} t
 */
function shell(t) {
  const path = folderWith(t, { 'authorizer.json': String(blocks('json')[0]) });
  const bin = folderWith(t, {});
  const cli = fileURLToPath(new URL('www-shim/cli.mjs', ROOT));
  writeFileSync(bin('edge-authorizer'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin('.')}${delimiter}${process.env.PATH}` };
  return { cwd: path('.'), env };
}

test('each command of the documentation runs', async (t) => {
  const options = shell(t);
  const scripts = blocks('sh');
  assert.ok(scripts.length >= COMMANDS.length);
  let explained = '';
  for (const script of scripts) {
    if (script.includes('edge-authorizer serve')) {
      await assertServes(t, script, options);
      continue;
    }
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { ...options, encoding: 'utf8' });
    assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
    if (script.includes('--event') && !script.includes('--json')) explained = stdout;
  }
  assert.equal(explained, blocks('text')[0]);
});

/**
 * @param {TestContext} t
 * @param {string} script
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
async function assertServes(t, script, options) {
  const free = script.replace('--port 8080', '--port 0').replace(/^edge-authorizer/m, 'exec edge-authorizer');
  assert.notEqual(free, script);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', free], options);
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  const started = new Promise((resolve) => {
    const listen = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      if (/^local edge +http/m.test(output)) resolve(true);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('close', resolve);
  });
  await within(started, 'the local edge starts', 30_000);
  const url = /^local edge +(http:\/\/\S+)$/m.exec(output)?.[1];
  assert.ok(url, output);
  assert.equal((await fetch(`${url}/public/logo.png`)).status, 200);
  assert.equal((await fetch(`${url}/users/alice/a.png`)).status, 401);
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGINT');
  assert.equal(await within(ended, 'the local edge ends', 30_000), 0);
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
