import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { HandlerLog } from './handler-log.mjs';
import { within } from './within.mjs';
import { emptyFolder } from './zip-folder.mjs';

// Results go to a file descriptor of their own: stdout is the log, as on Lambda.
const SCRIPT = `
  import { writeSync } from 'node:fs';
  const [index, events] = process.argv.slice(1);
  const { handler } = await import(index);
  const results = [];
  for (const event of JSON.parse(events)) results.push(await handler(event, {}));
  writeSync(3, JSON.stringify(results));
`;

/**
 * Starts the handler of an unpacked zip in a process of its own, as Lambda does: in an empty
 * folder, with nothing of this process around it. Gives it events, one after the other.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} folder of the zip
 * @param {unknown[]} events
 * @param {{ env?: Record<string, string>, mustNotTell?: string[] }} [options]
 * @returns {Promise<{ results: any[], log: HandlerLog, stderr: string, code: number | null }>}
 */
export async function runInFreshProcess(t, folder, events, { env = {}, mustNotTell = [] } = {}) {
  const index = pathToFileURL(join(folder, 'index.mjs')).href;
  const args = ['--input-type=module', '--eval', SCRIPT, index, JSON.stringify(events)];
  const child = spawn(process.execPath, args, {
    cwd: emptyFolder(t),
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const [, stdout, stderr, results] = /** @type {any[]} */ (child.stdio);
  const outputs = Promise.all([text(stdout), text(stderr), text(results), ended]);
  const [lines, errors, json, code] = await within(outputs, 'the process ends', 30_000);

  const log = new HandlerLog();
  log.mustNotTell(...mustNotTell);
  for (const line of lines.split('\n').filter(Boolean)) log.write(line);
  return { results: json === '' ? [] : JSON.parse(json), log, stderr: errors, code };
}
