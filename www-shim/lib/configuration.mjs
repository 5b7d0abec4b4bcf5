import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */

/**
 * Makes an authorizer of a configuration, with the secrets that lie in files beside it.
 *
 * @template {Authorizer} A
 * @param {new (configText: string) => A} Authorizer of the WebAssembly module
 * @param {string} configText
 * @param {string | URL} configFolder what the names of files are relative to
 * @returns {A}
 * @throws {Error} where the configuration is wrong
 */
export function loadAuthorizer(Authorizer, configText, configFolder) {
  const authorizer = new Authorizer(configText);
  for (const { name, file, isForHost } of authorizer.secrets()) {
    if (file === null || isForHost) continue;
    try {
      authorizer.setSecret(name, readSecret(file, configFolder), Infinity);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      throw new Error(`${name}.file: \`${file}\`: ${message}`);
    }
  }
  return authorizer;
}

/**
 * A secret as bytes. One line break at the end, which editors add, is not part of it.
 *
 * @param {string} file
 * @param {string | URL} configFolder
 * @returns {Uint8Array}
 */
export function readSecret(file, configFolder) {
  const folder = configFolder instanceof URL ? configFolder : pathToFileURL(`${configFolder}/`);
  const path = file.split('/').map(encodeURIComponent).join('/');
  const bytes = readFileSync(new URL(path, folder));
  const text = bytes.toString('latin1');
  return bytes.subarray(0, text.replace(/\r?\n$/, '').length);
}
