// node scripts/module/finish.mjs FILE: makes the module that the compiler made smaller, with the JavaScript beside it, and notes in
// it which functions a zip may be without.

import { readFileSync, writeFileSync } from 'node:fs';

import { FUNCTIONS_OF_PARTS, withPartsMarked } from './parts.mjs';
import { withShortNames } from './short-names.mjs';
import { optimised } from './wasm-opt.mjs';

const [file] = process.argv.slice(2);
const glueFile = file.replace(/_bg\.wasm$/, '.js');
const compiled = readFileSync(file);
const optimisedModule = optimised(compiled, FUNCTIONS_OF_PARTS);
const { module, glue } = withShortNames(withPartsMarked(optimisedModule), readFileSync(glueFile, 'utf8'));
writeFileSync(file, module);
writeFileSync(glueFile, glue);
console.error(`    ${compiled.length} bytes, optimised and without names ${module.length}`);
