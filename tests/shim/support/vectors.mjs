import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BESIDE = fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

/**
 * Published vectors. They are no part of the project: they lie in `shared/vectors` beside the
 * checkout, or in the folder that `EDGE_AUTHORIZER_VECTORS` names, which has to be there then.
 *
 * @param {import('node:test').TestContext} t is skipped where there are none
 * @param {string} file
 * @returns {any} the content, or undefined
 */
export function readVectors(t, file) {
  const named = process.env.EDGE_AUTHORIZER_VECTORS;
  if (!named && !existsSync(BESIDE)) {
    t.skip(`ran nothing of ${file}: there is no folder shared/vectors beside the checkout`);
    return undefined;
  }
  return JSON.parse(readFileSync(join(named || BESIDE, file), 'utf8'));
}

/**
 * Says what ran; `scripts/test.sh` adds these lines up.
 *
 * @param {number} ran
 * @param {string} name
 * @param {string[]} results one for each vector
 */
export function reportVectors(ran, name, results) {
  /** @type {Record<string, number>} */
  const tally = {};
  for (const result of results) tally[result] = (tally[result] ?? 0) + 1;
  const parts = Object.entries(tally).map(([result, times]) => `${times} ${result}`);
  console.log(`vectors: ${ran} ${name} (${parts.join(', ')})`);
}
