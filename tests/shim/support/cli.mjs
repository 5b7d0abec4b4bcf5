import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../../www-shim/cli/main.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {{ code: number, stdout: string, stderr: string }} CliResult */

const DEADLINE_MILLISECONDS = 30_000;
const CLI = fileURLToPath(new URL('../../../www-shim/cli.mjs', import.meta.url));

/**
 * Runs a command in this process.
 *
 * @param {...string} args
 * @returns {Promise<CliResult>}
 */
export async function run(...args) {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    color: false,
  });
  return { code, stdout, stderr };
}

/**
 * Runs a command in a process of its own.
 *
 * @param {...string} args
 * @returns {Promise<CliResult>}
 */
export function runProcess(...args) {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/**
 * Starts `serve` and waits until it listens; it is stopped when the test ends.
 *
 * @param {TestContext} t
 * @param {...string} args
 */
export async function startServe(t, ...args) {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', ...args]);
  let output = '';
  /** @type {() => void} */
  let somethingNew = () => {};
  const listenTo = (/** @type {Buffer} */ chunk) => {
    output += chunk;
    somethingNew();
  };
  child.stdout.on('data', listenTo);
  child.stderr.on('data', listenTo);
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.on('close', resolve));
  // What never comes must fail a test, not keep it waiting.
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MILLISECONDS);
  t.after(() => {
    clearTimeout(deadline);
    child.kill('SIGKILL');
  });

  /** @type {(pattern: RegExp) => Promise<RegExpExecArray>} */
  const waitFor = async (pattern) => {
    for (;;) {
      const found = pattern.exec(output);
      if (found) return found;
      const news = new Promise((resolve) => (somethingNew = () => resolve('news')));
      if ((await Promise.race([news, ended])) !== 'news' && !pattern.test(output)) {
        throw new Error(`serve ended without saying ${pattern}:\n${output}`);
      }
    }
  };
  const [, url = ''] = await waitFor(/^local edge +(http:\/\/\S+)$/m);
  return { url, waitFor, ended, child, output: () => output };
}

/**
 * A folder with files for one test.
 *
 * @param {TestContext} t
 * @param {Record<string, unknown>} files by name: text as it is, anything else as JSON
 * @returns {(name: string) => string} the path of a name in it
 */
export function folderWith(t, files) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  }
  return (name) => join(folder, name);
}
