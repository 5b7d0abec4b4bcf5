// The documents of the project, and the blocks of code in them.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Block
 * @property {string} language `sh`, `json`, `text`, …
 * @property {string | undefined} file where a session puts it: ```json file=authorizer.json
 * @property {string} text
 * @property {number} line where it begins
 */

/** @typedef {{ name: string, text: string, blocks: Block[] }} Document */

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NOT_OURS = new Set(['node_modules', 'target', 'pkg', 'dist', '.git']);

/**
 * Every document: what ends in `.md`, in any folder.
 *
 * @returns {Document[]}
 */
export function documents() {
  const names = namesIn('').filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => documentOf(name));
}

/**
 * @param {string} name relative to the project
 * @returns {Document}
 */
export function documentOf(name) {
  const text = readFileSync(join(ROOT, name), 'utf8');
  return { name, text, blocks: blocksIn(text) };
}

/**
 * @param {string} folder relative to the project
 * @returns {string[]}
 */
function namesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : namesIn(name);
    return [name];
  });
}

/**
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksIn(text) {
  return [...text.matchAll(/^```(\w*)(?: file=(\S+))?\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: file, 3: code = '' }) => {
    return { language, file, text: code, line: text.slice(0, index).split('\n').length };
  });
}
