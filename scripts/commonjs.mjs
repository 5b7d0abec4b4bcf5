// ES modules as CommonJS, for programs that `require` the npm package under a Node.js that cannot require ES modules (before
// 20.19 and 22.12).

import { createRequire } from 'node:module';

// The packages of the build are those of www-shim.
const require = createRequire(new URL('../www-shim/package.json', import.meta.url));
/** @type {typeof import('../www-shim/node_modules/typescript/lib/typescript.js')} */
const ts = require('typescript');

// At the top, where nothing has a variable `require` of its own. A directive counts in first place only.
const PROLOGUE = "'use strict';\nconst ownUrl = require('node:url').pathToFileURL(__filename).href;\n";

/**
 * @param {string} source of an ES module that imports only `node:` modules and `.mjs` files beside it
 * @returns {string} the same program for a `.cjs` file, which requires the `.cjs` files beside it
 */
export function asCommonJs(source) {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, removeComments: true },
    fileName: 'module.js',
  });
  const required = outputText.replace(/(\brequire\(["']\.[^"']*)\.mjs(["']\))/g, '$1.cjs$2');
  return `${PROLOGUE}${required.replaceAll('import.meta.url', 'ownUrl')}`;
}
