// The module for one configuration, which it has from the start, with the code that this one needs
// (docs/decisions/0027-a-module-for-each-configuration.md).

import { READING, withoutParts } from './parts.mjs';
import { preparedModule } from './prepare.mjs';
import { optimised } from './wasm-opt.mjs';

/**
 * @param {Uint8Array} module for any configuration
 * @param {string} configuration the text of an `authorizer.json` that was checked
 * @param {string[]} unusedParts what this one has no use for, as `Authorizer.unusedParts` says
 * @returns {Buffer}
 */
export function moduleFor(module, configuration, unusedParts) {
  return optimised(unoptimisedModuleFor(module, configuration, unusedParts));
}

/**
 * The same, but for the optimiser, which only makes it smaller, and takes seconds.
 *
 * @type {typeof moduleFor}
 */
export function unoptimisedModuleFor(module, configuration, unusedParts) {
  return withoutParts(preparedModule(module, configuration), [READING, ...unusedParts]);
}
