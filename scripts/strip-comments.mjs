// Comments are for readers of the repository; in the zip they would be a third of the JavaScript.

import { createRequire } from 'node:module';

// The packages of the build are those of www-shim.
const require = createRequire(new URL('../www-shim/package.json', import.meta.url));
/** @type {typeof import('../www-shim/node_modules/typescript/lib/typescript.js')} */
const ts = require('typescript');

/**
 * @param {string} source of a JavaScript module
 * @returns {string} the same program without its comments
 */
export function withoutComments(source) {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      removeComments: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      // A CommonJS module stays as strict as it was.
      alwaysStrict: false,
    },
    fileName: 'module.js',
  });
  return outputText;
}
