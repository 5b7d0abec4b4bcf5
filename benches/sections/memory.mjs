// Memory over many distinct tokens: WebAssembly's, which never shrinks, and that of the process.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @typedef {import('../main.mjs').Bench} Bench */

const PROGRAM = fileURLToPath(new URL('../memory/run.mjs', import.meta.url));
const LIMIT_MB = 4;

/** @param {Bench} bench */
export async function memory({ zipFolder, effort }) {
  const tokens = effort.tiny ? 2_000 : effort.full ? 1_000_000 : 100_000;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', PROGRAM, zipFolder, String(tokens)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the memory could not be measured: ${stderr}`);
  /** @type {{ tokens: number, wasm: number, rss: number }[]} */
  const points = JSON.parse(stdout);
  const [tenth, last] = /** @type {[any, any]} */ ([points[1], points.at(-1)]);
  return {
    title: `memory over ${tokens.toLocaleString('en-US')} requests with distinct tokens`,
    rows: points.map(({ tokens, wasm, rss }) => ({
      name: `after ${tokens.toLocaleString('en-US')}`,
      text: `wasm ${megabytes(wasm)} MB, process ${megabytes(rss)} MB`,
    })),
    goals: [
      {
        what: 'wasm memory over distinct tokens',
        goal: `≤ ${LIMIT_MB} MB`,
        measured: last.wasm / 2 ** 20,
        unit: 'MB',
        isMet: (/** @type {number} */ value) => value <= LIMIT_MB,
      },
      {
        what: 'growth of wasm memory after the first tenth of them',
        goal: 'flat',
        measured: (last.wasm - tenth.wasm) / 2 ** 20,
        unit: 'MB',
        isMet: (/** @type {number} */ value) => value === 0,
      },
    ],
    note: 'Tokens are signed with HS256, so that a million of them can be made; the rest of each is as in the other parts.',
  };
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}
