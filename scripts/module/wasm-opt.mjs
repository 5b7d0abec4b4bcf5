// Binaryen's optimiser, from its npm package.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WASM_OPT = fileURLToPath(new URL('../../www-shim/node_modules/.bin/wasm-opt', import.meta.url));

// The WebAssembly features that rustc uses: what wasm-opt may meet and may use. Node.js 20 has them all.
const FEATURES = [
  'bulk-memory',
  'bulk-memory-opt',
  'call-indirect-overlong',
  'extended-const',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
  'simd',
].map((feature) => `--enable-${feature}`);

const OPTIONS = [
  // -Os, -Oz and -O3 come within 200 bytes of each other in the zip; -Oz and -O3 take longer.
  '-Os',
  // Only small functions become part of others: large bodies side by side pack better than one that is larger still.
  '--always-inline-max-function-size=4',
  '--one-caller-inline-max-function-size=10',
  // At address 0 is the far end of the stack: a function that came within 1 KB of it may as well trap. So addresses can be
  // added up by the instructions that load and store.
  '--low-memory-unused',
  '--strip-producers',
  '--strip-target-features',
];

/**
 * @param {Buffer} module
 * @param {string[]} [apart] patterns of the names of functions that are to stay functions of their own; with any, all keep
 *   their names, and those that do the same stay apart
 * @returns {Buffer}
 */
export function optimised(module, apart = []) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-wasm-'));
  try {
    const [before, after] = ['before.wasm', 'after.wasm'].map((name) => join(folder, name));
    writeFileSync(before, module);
    const named = ['--debuginfo', '--skip-pass=duplicate-function-elimination'];
    const keeping = apart.length > 0 ? [...named, ...apart.map((pattern) => `--no-inline=${pattern}`)] : [];
    const stdio = /** @type {import('node:child_process').StdioOptions} */ (['ignore', 'ignore', 'pipe']);
    execFileSync(WASM_OPT, [...FEATURES, ...keeping, ...OPTIONS, before, '--output', after], { stdio });
    return readFileSync(after);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
