// How the zip has the WebAssembly module: the JavaScript that wasm-bindgen made for it is a part of the handler, and the module
// itself lies beside it, as it is or in brotli (docs/decisions/0036-a-large-module-is-packed-in-brotli.md).

import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib';

/** The module, as it is called in most zips, which deflate it. */
export const MODULE = 'pkg/edge_authorizer_bg.wasm';
/** The same in brotli (RFC 7932), which packs it an eighth smaller than DEFLATE can. Node.js has what unpacks it. */
export const PACKED_MODULE = `${MODULE}.br`;

/** What DEFLATE, as zlib makes it, may leave of a module: with more than that, brotli is worth the time to unpack it. */
const MOST_DEFLATED = 110_000;

// What wasm-pack writes for Node.js: it reads the module when it is required.
const READS = [
  'const wasmPath = `${__dirname}/edge_authorizer_bg.wasm`;',
  "const wasmBytes = require('fs').readFileSync(wasmPath);",
  'const wasmModule = new WebAssembly.Module(wasmBytes);',
].join('\n');
// The only other file that it requires.
const REQUIRES = /\brequire\((?:String\.raw)?[`"](\.\/snippets\/[^`"]+)[`"]\)/g;

/**
 * The module as a zip has it.
 *
 * @param {Buffer} module
 * @returns {import('../zip.mjs').ZipEntry}
 */
export function moduleEntry(module) {
  const isSmall = deflateRawSync(module, { level: 9 }).length <= MOST_DEFLATED;
  return isSmall ? { name: MODULE, content: module } : { name: PACKED_MODULE, content: packed(module) };
}

/**
 * What stands in the zip for `www-shim/lib/wasm.mjs`: the same, for the module in the zip, which is compiled once.
 *
 * @param {string} glue the JavaScript that wasm-bindgen made
 * @param {string} name of the module in the zip
 * @returns {{ source: string, snippet: string }} the JavaScript, which imports `boundary`; and the file that this is, below
 *   `pkg/`
 */
export function loader(glue, name) {
  const snippets = new Set([...glue.matchAll(REQUIRES)].map(([, path]) => path));
  const [snippet] = snippets;
  const body = glue.replace(READS, '').replace(REQUIRES, () => 'boundary');
  if (!glue.includes(READS) || snippets.size !== 1 || /\brequire\(/.test(body)) {
    throw new Error('`pkg/edge_authorizer.js` is not what wasm-bindgen writes for Node.js: another version?');
  }
  const file = `readFileSync(new URL('../${name}', import.meta.url))`;
  const isPacked = name === PACKED_MODULE;
  const source = `
    import { readFileSync } from 'node:fs';
    ${isPacked ? "import { brotliDecompressSync } from 'node:zlib';" : ''}
    import boundary from 'boundary';

    let wasmModule;

    export function loadModule() {
      wasmModule ??= new WebAssembly.Module(${isPacked ? `brotliDecompressSync(${file})` : file});
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
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: module.length,
    // Of its three ways to look at data, the one that leaves least of WebAssembly.
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT,
  };
  return brotliCompressSync(module, { params });
}
