import { PrivateKeys } from './private-keys.mjs';
import { roleCredentials } from './role-credentials.mjs';
import { readSecret } from './secret-file.mjs';

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
  const privateKeys = new PrivateKeys();
  authorizer.setHost({ sign: privateKeys.sign.bind(privateKeys), roleCredentials });
  for (const { name, file, isForHost } of authorizer.secrets()) {
    if (file === null) continue;
    try {
      const secret = readSecret(file, configFolder);
      if (isForHost) privateKeys.set(name, secret);
      else authorizer.setSecret(name, secret, Infinity);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      throw new Error(`${name}.file: \`${file}\`: ${message}`);
    }
  }
  return authorizer;
}
