// An unpacked zip with its module made for another configuration, quickly: for tests and for the benchmark.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

import { loadTooling } from '../../www-shim/cli/tooling.mjs';
import { PACKED_MODULE } from './loader.mjs';
import { unoptimisedModuleFor } from './for-configuration.mjs';

/**
 * The module that `./build.sh build` would bundle, but for the optimiser, which only makes it smaller, and takes seconds.
 *
 * @param {string} zipFolder with a module for any configuration
 * @param {string} configText
 * @returns {Buffer}
 * @throws {Error} where it is no configuration
 */
export function moduleMadeFor(zipFolder, configText) {
  const general = brotliDecompressSync(readFileSync(join(zipFolder, PACKED_MODULE)));
  const { Authorizer } = loadTooling();
  const authorizer = new Authorizer(configText);
  return unoptimisedModuleFor(general, configText, authorizer.unusedParts());
}

/**
 * @param {string} zipFolder with a module for any configuration
 * @param {string} folder what it is copied to
 * @param {string} configText
 * @param {Buffer} module
 */
export function makeFolder(zipFolder, folder, configText, module) {
  cpSync(zipFolder, folder, { recursive: true });
  writeFileSync(join(folder, PACKED_MODULE), packedQuickly(module));
  writeFileSync(join(folder, 'authorizer.json'), configText);
}

/** @param {Buffer} module */
function packedQuickly(module) {
  return brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}
