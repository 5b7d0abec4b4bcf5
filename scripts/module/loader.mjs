// How the zip has the WebAssembly module: the JavaScript that wasm-bindgen made for it is a part of the handler, and the module
// itself is in brotli (RFC 7932), which packs it an eighth smaller than DEFLATE can. Node.js has what unpacks it.

import { brotliCompressSync, constants } from 'node:zlib';

/** The module, as it is called in the zip. */
export const PACKED_MODULE = 'pkg/edge_authorizer_bg.wasm.br';

// What wasm-pack writes for Node.js: it reads the module when it is required.
const READS = [
  'const wasmPath = `${__dirname}/edge_authorizer_bg.wasm`;',
  "const wasmBytes = require('fs').readFileSync(wasmPath);",
  'const wasmModule = new WebAssembly.Module(wasmBytes);',
].join('\n');
// The only other file that it requires.
const REQUIRES = /\brequire\((?:String\.raw)?[`"](\.\/snippets\/[^`"]+)[`"]\)/g;

/**
 * What stands in the zip for `www-shim/lib/wasm.mjs`: the same, for the packed module, which is compiled once.
 *
 * @param {string} glue the JavaScript that wasm-bindgen made
 * @returns {{ source: string, snippet: string }} the JavaScript, which imports `boundary`; and the file that this is, below
 *   `pkg/`
 */
export function loader(glue) {
  const snippets = new Set([...glue.matchAll(REQUIRES)].map(([, path]) => path));
  const [snippet] = snippets;
  const body = glue.replace(READS, '').replace(REQUIRES, () => 'boundary');
  if (!glue.includes(READS) || snippets.size !== 1 || /\brequire\(/.test(body)) {
    throw new Error('`pkg/edge_authorizer.js` is not what wasm-bindgen writes for Node.js: another version?');
  }
  const source = `
    import { readFileSync } from 'node:fs';
    import { brotliDecompressSync } from 'node:zlib';
    import boundary from 'boundary';

    let wasmModule;

    export function loadModule() {
      wasmModule ??= new WebAssembly.Module(
        brotliDecompressSync(readFileSync(new URL('../${PACKED_MODULE}', import.meta.url))),
      );
      const exports = {};
      instantiate(exports);
      return exports;
    }

    function instantiate(exports) {
      ${body}
    }`;
  return { source, snippet };
}

/** @param {Buffer} module */
export function packed(module) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: module.length };
  return brotliCompressSync(module, { params });
}
