import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from '../../www-shim/node_modules/typescript/lib/typescript.js';
import { createHandler } from '../../www-shim/lib/handler.mjs';
import { installedPackage } from './support/installed.mjs';

/** @typedef {import('../../www-shim/api.d.ts').HandlerOptions} HandlerOptions */

// Checked by tsc: whatever the published types allow, the handler takes.
/** @type {(options: HandlerOptions) => (event: any) => Promise<unknown>} */
createHandler;

const SOURCES = fileURLToPath(new URL('types/', import.meta.url));
const TYPE_ROOTS = [fileURLToPath(new URL('../../www-shim/node_modules/@types', import.meta.url))];
const folder = installedPackage();

/**
 * Compiles files beside the installed package.
 *
 * @param {Record<string, string>} sources files in types/, by the name that they have beside the package
 * @returns {string[]} `file:line: message` for each error
 */
function errorsOf(sources) {
  const files = Object.entries(sources).map(([name, source]) => {
    copyFileSync(join(SOURCES, source), join(folder, name));
    return join(folder, name);
  });
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    typeRoots: TYPE_ROOTS,
    types: ['node'],
    strict: true,
    noEmit: true,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file: at, start = 0, messageText }) => {
    const line = at === undefined ? 0 : at.getLineAndCharacterOfPosition(start).line + 1;
    return `${basename(at?.fileName ?? '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

test('a TypeScript program compiles, as an ES module and as CommonJS', () => {
  assert.deepEqual(errorsOf({ 'compiles.mts': 'compiles.ts', 'compiles.cts': 'compiles.ts' }), []);
});

test('each mistake in a TypeScript program is an error, and nothing else is', () => {
  const name = 'does-not-compile.mts';
  const lines = readFileSync(join(SOURCES, name), 'utf8').split('\n');
  const expected = lines.flatMap((line, index) => (line.includes('// mistake') ? [`${name}:${index + 1}`] : []));
  assert.ok(expected.length > 3);
  const found = errorsOf({ [name]: name }).map((error) => error.replace(/^([^:]+:\d+).*/s, '$1'));
  assert.deepEqual([...new Set(found)], expected);
});
