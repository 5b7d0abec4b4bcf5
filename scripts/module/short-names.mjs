// wasm-bindgen calls each function that a module imports by its name in Rust and sixteen hexadecimal digits, which nothing packs:
// a KB of a zip. Here they get short names, in the module and in the JavaScript that wasm-bindgen made for it.

import { WasmFile } from './wasm-file.mjs';

/** Where the JavaScript has such a function: a member of an object, on a line of its own. */
const MEMBER = /^( *)(\w+)(?=: function\()/gm;

/**
 * @param {Uint8Array} module
 * @param {string} glue
 * @returns {{ module: Buffer, glue: string }}
 */
export function withShortNames(module, glue) {
  const file = new WasmFile(module);
  const members = new Set([...glue.matchAll(MEMBER)].map(([, , name]) => name));
  const imported = file.imports.filter(({ name }) => members.has(name));
  const short = new Map(imported.map(({ name }, index) => [name, `i${index.toString(36)}`]));
  const lost = file.imports.filter(({ name }) => name.startsWith('__wb') && !short.has(name));
  if (lost.length > 0) throw new Error(`the JavaScript of the module has no \`${lost[0].name}\`: another version of wasm-bindgen?`);
  file.imports = file.imports.map((one) => ({ ...one, name: short.get(one.name) ?? one.name }));
  return { module: file.bytes, glue: glue.replace(MEMBER, (_, indent, name) => indent + (short.get(name) ?? name)) };
}
