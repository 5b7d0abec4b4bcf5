import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** @typedef {typeof import('../../pkg/edge_authorizer.js')} WasmModule */

// Beside the handler in the zip and in the npm package, one folder up in the repository.
const PLACES = ['../pkg/', '../../pkg/'];

/**
 * Makes a new instance of the WebAssembly module, from the files in `pkg/`; the zip has another way (`scripts/module/loader.mjs`). After a trap the old one must not be used again: its memory is in an
 * unknown state.
 *
 * @param {string} [file] below `pkg/`, where another than the module at the edge is wanted
 * @returns {WasmModule}
 */
export function loadModule(file = 'edge_authorizer.js') {
  const paths = PLACES.map((place) => fileURLToPath(new URL(place + file, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Error('the WebAssembly module is missing: `./build.sh` makes it, in `pkg/`');
  }
  // The module that wasm-pack makes for Node.js instantiates itself when it is required. It must be kept neither in the
  // cache, or there would be no second instance, nor among the children of a lasting `require`, or each would stay.
  const require = createRequire(import.meta.url);
  const module = require(path);
  delete require.cache[path];
  return module;
}
