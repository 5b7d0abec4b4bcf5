// The WebAssembly module as it is in the zip: in brotli (RFC 7932), which packs it an eighth smaller than DEFLATE can.
// Unpacking it takes a cold start 1.6 ms; Node.js has what it takes.

import { brotliCompressSync, constants } from 'node:zlib';

import { withoutComments } from './strip-comments.mjs';

/** @typedef {import('./zip.mjs').ZipEntry} ZipEntry */

// What wasm-pack writes for Node.js, and what stands there in the zip.
const READS = "require('fs').readFileSync(wasmPath)";
const UNPACKS = "require('zlib').brotliDecompressSync(require('fs').readFileSync(`${wasmPath}.br`))";

/**
 * @param {Buffer} loader the JavaScript of `pkg/`
 * @param {Buffer} module
 * @returns {ZipEntry[]}
 */
export function packedModule(loader, module) {
  const source = withoutComments(loader.toString());
  if (source.split(READS).length !== 2) {
    throw new Error(`\`pkg/edge_authorizer.js\` does not read the module by \`${READS}\`: another wasm-bindgen?`);
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: module.length };
  return [
    { name: 'pkg/edge_authorizer.js', content: Buffer.from(source.replace(READS, () => UNPACKS)) },
    { name: 'pkg/edge_authorizer_bg.wasm.br', content: brotliCompressSync(module, { params }) },
  ];
}
