// node scripts/module/part-sizes.mjs: prints what each part that a zip may be without weighs in one that has all of them, packed.

import { readFileSync } from 'node:fs';

import { packed } from './loader.mjs';
import { moduleFor } from './for-configuration.mjs';
import { partNames } from './parts.mjs';

const module = readFileSync(new URL('../../pkg/edge_authorizer_bg.wasm', import.meta.url));
const everything = readFileSync(new URL('../../benches/material/everything.json', import.meta.url), 'utf8');

/** @param {string[]} parts */
const bytesWithout = (parts) => packed(moduleFor(module, everything, parts)).length;

const all = bytesWithout([]);
for (const part of partNames(module)) console.log(row(part, all - bytesWithout([part])));
console.log(row('all of these', all - bytesWithout(partNames(module))));
console.log(row('the module', all));

/**
 * @param {string} name
 * @param {number} bytes
 */
function row(name, bytes) {
  return `| ${name.padEnd(14)} | ${(bytes / 1000).toFixed(1).padStart(5)} |`;
}
