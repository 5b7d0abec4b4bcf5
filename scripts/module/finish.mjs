// node scripts/module/finish.mjs FILE: makes the module that the compiler made smaller, and notes in it which functions a zip
// may be without.

import { readFileSync, writeFileSync } from 'node:fs';

import { FUNCTIONS_OF_PARTS, withPartsMarked } from './parts.mjs';
import { optimised } from './wasm-opt.mjs';

const [file] = process.argv.slice(2);
const module = readFileSync(file);
const finished = withPartsMarked(optimised(module, FUNCTIONS_OF_PARTS));
writeFileSync(file, finished);
console.error(`    ${module.length} bytes, optimised and without names ${finished.length}`);
