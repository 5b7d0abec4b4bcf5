// node --expose-gc run.mjs ZIP_FOLDER TOKENS: sends so many distinct tokens through the handler, and prints what memory there
// was at the start, after a tenth, and after each further tenth.

import { handlerIn, ourFolder } from '../contenders/ours.mjs';
import { GENERIC, configurationText, pathFor } from '../material/configurations.mjs';
import { eventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessToken } from '../material/tokens.mjs';

const RULES = 20;

const [zipFolder, count] = process.argv.slice(2);
const key = makeKey('HS256');
const provider = { ...GENERIC, algorithms: ['HS256'], jwks: { keys: [key.jwk] } };
const configText = configurationText({ staff: provider }, RULES);
const folder = ourFolder(String(zipFolder), configText);
// Those of the handler only, not of what has made its module.
const memories = captureMemories();
const handler = await handlerIn(folder, configText, {});

const points = [point(0)];
const tenth = Number(count) / 10;
for (let n = 1; n <= Number(count); n += 1) {
  const result = await handler(JSON.parse(eventText(accessToken(key, { padding: 'x'.repeat(n % 700) }), pathFor(RULES, n))));
  if (result.status !== undefined) throw new Error(`refused: ${JSON.stringify(result)}`);
  if (n % tenth === 0) points.push(point(n));
}
console.log(JSON.stringify(points));

/** @param {number} tokens */
function point(tokens) {
  /** @type {any} */ (globalThis).gc();
  const wasm = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { tokens, wasm, rss: process.memoryUsage.rss() };
}

/** The module does not hand its memory out, so it is taken at the door. */
function captureMemories() {
  /** @type {{ buffer: ArrayBuffer }[]} */
  const found = [];
  const { WebAssembly } = /** @type {any} */ (globalThis);
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module, imports]) {
      const instance = new target(module, imports);
      found.push(instance.exports.memory);
      return instance;
    },
  });
  return found;
}
