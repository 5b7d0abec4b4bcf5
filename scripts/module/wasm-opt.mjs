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
    // -Os, -Oz and -O3 come within 200 bytes of each other in the zip; -Oz and -O3 take longer.
    const options = ['-Os', '--strip-producers', '--strip-target-features'];
    const named = ['--debuginfo', '--skip-pass=duplicate-function-elimination'];
    const keeping = apart.length > 0 ? [...named, ...apart.map((pattern) => `--no-inline=${pattern}`)] : [];
    const stdio = /** @type {import('node:child_process').StdioOptions} */ (['ignore', 'ignore', 'pipe']);
    execFileSync(WASM_OPT, [...FEATURES, ...keeping, ...options, before, '--output', after], { stdio });
    return readFileSync(after);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
