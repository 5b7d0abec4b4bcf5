// node main.mjs --zip FILE --everything-zip FILE --zip-folder FOLDER [--rsa-folder FOLDER] [--decisions PROGRAM] [--full | --tiny] [--json FILE]
// Measures what decisions cost beside other verifiers, and prints tables and the verdict on each goal. `./build.sh bench`
// brings what it needs. It never fails because of speed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { buildSync } from 'esbuild';

import { printGoals, printSection, verdicts } from './report/print.mjs';
import { coldStart } from './sections/cold-start.mjs';
import { instructions } from './sections/instructions.mjs';
import { memory } from './sections/memory.mjs';
import { newTokens } from './sections/new-tokens.mjs';
import { repeatedTokens } from './sections/repeated-tokens.mjs';
import { rsaVerification } from './sections/rsa.mjs';
import { scaling } from './sections/scaling.mjs';
import { sessions } from './sections/sessions.mjs';
import { signatures } from './sections/signatures.mjs';
import { sizes } from './sections/sizes.mjs';

/**
 * @typedef {object} Effort
 * @property {boolean} full takes minutes
 * @property {boolean} tiny shows that everything runs; its figures say nothing
 * @property {(short: number, full: number) => number} rounds
 */
/**
 * @typedef {object} Bench what sections are given
 * @property {string} zip for an example's configuration
 * @property {string} everythingZip for material/everything.json, which uses every feature
 * @property {string} zipFolder an unpacked zip with a module for any configuration
 * @property {string | undefined} rsaFolder RSA in WebAssembly, from benches/rust
 * @property {string | undefined} decisions the program of benches/rust whose instructions are counted
 * @property {string} peerBundle aws-jwt-verify's handler, bundled and minified
 * @property {string} folder for files; it is removed afterwards
 * @property {Effort} effort
 */

const SECTIONS = [repeatedTokens, newTokens, sessions, signatures, rsaVerification, coldStart, memory, sizes, scaling, instructions];

await main();

async function main() {
  const { values } = parseArgs({
    options: {
      zip: { type: 'string' },
      'everything-zip': { type: 'string' },
      'zip-folder': { type: 'string' },
      'rsa-folder': { type: 'string' },
      decisions: { type: 'string' },
      full: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const { zip, 'everything-zip': everythingZip, 'zip-folder': zipFolder, full, tiny, json } = values;
  if (zip === undefined || everythingZip === undefined || zipFolder === undefined) {
    throw new Error('usage: see the first lines of this file; `./build.sh bench` knows the arguments');
  }
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-bench-'));
  try {
    const [rsaFolder, decisions] = [values['rsa-folder'], values.decisions].map((path) => path && resolve(path));
    const given = { zip: resolve(zip), everythingZip: resolve(everythingZip), zipFolder: resolve(zipFolder), rsaFolder, decisions };
    await run({ ...given, peerBundle: bundlePeer(folder), folder, effort: effortOf(full, tiny) }, json);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {boolean} full
 * @param {boolean} tiny
 * @returns {Effort}
 */
function effortOf(full, tiny) {
  return { full, tiny, rounds: (short, long) => (tiny ? 1 : full ? long : short) };
}

/**
 * @param {Bench} bench
 * @param {string | undefined} json
 */
async function run(bench, json) {
  const { full, tiny } = bench.effort;
  const machine = { node: process.version, v8: process.versions.v8, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length };
  const mode = full ? 'full' : tiny ? 'tiny' : 'short';
  console.log(`Node.js ${machine.node} (V8 ${machine.v8}), ${machine.cpus} × ${machine.cpu}, ${mode} run`);
  /** @type {import('./report/rows.mjs').Section[]} */
  const sections = [];
  for (const measure of SECTIONS) {
    for (const section of [await measure(bench)].flat()) {
      sections.push(section);
      printSection(section);
    }
  }
  const goals = verdicts(sections);
  printGoals(goals);
  const plain = sections.map(({ goals: _goals, ...section }) => section);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, mode, sections: plain, goals }, null, 2)}\n`);
}

/**
 * @param {string} folder
 * @returns {string}
 */
function bundlePeer(folder) {
  const outfile = join(folder, 'aws-jwt-verify.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('cold-start/aws-jwt-verify.mjs', import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
  });
  return outfile;
}
