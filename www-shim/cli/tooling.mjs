import { loadAuthorizer } from '../lib/configuration.mjs';
import { loadModule } from '../lib/wasm.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {typeof import('../../pkg/tooling/edge_authorizer.js')} ToolingModule */

/**
 * Makes a new instance of the module that can also say what is wrong with a configuration and why a decision was made.
 * It decides as the one at the edge does: both are compiled from the same source.
 *
 * @returns {ToolingModule}
 */
export function loadTooling() {
  return /** @type {ToolingModule} */ (loadModule('tooling/edge_authorizer.js'));
}

/**
 * Makes an authorizer of the very module that is bundled.
 *
 * @param {string} configText
 * @param {string} configFolder what the names of files are relative to
 * @param {import('../lib/wasm.mjs').WasmModule} [module]
 * @returns {Authorizer}
 * @throws {Error} with everything that is wrong with the configuration, a line each, which that module does not say
 */
export function shippedAuthorizer(configText, configFolder, module = loadModule()) {
  try {
    return loadAuthorizer(module.Authorizer, configText, configFolder);
  } catch (error) {
    loadAuthorizer(loadTooling().Authorizer, configText, configFolder).free();
    throw error;
  }
}
