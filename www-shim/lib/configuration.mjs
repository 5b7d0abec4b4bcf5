import { readBundled, readSecret } from './bundled-file.mjs';
import { PrivateKeys } from './private-keys.mjs';
import { roleCredentials } from './role-credentials.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */

/**
 * Makes an authorizer of a configuration, with the secrets and pages that lie in files beside it.
 *
 * @template {Authorizer} A
 * @param {(new (configText: string) => A) & { isPrepared(): boolean, prepared(configText: string): Authorizer }} Authorizer of a new
 *   instance of the WebAssembly module: one that is made for a configuration gives its authorizer once
 * @param {string} configText
 * @param {string | URL} configFolder what the names of files are relative to
 * @param {PrivateKeys} [privateKeys] takes those that lie in files, and has the others
 * @returns {A}
 * @throws {Error} where the configuration is wrong
 */
export function loadAuthorizer(Authorizer, configText, configFolder, privateKeys = new PrivateKeys()) {
  const isPrepared = Authorizer.isPrepared();
  const authorizer = isPrepared ? /** @type {A} */ (Authorizer.prepared(configText)) : new Authorizer(configText);
  authorizer.setHost({ sign: privateKeys.sign.bind(privateKeys), roleCredentials });
  for (const { name, file, isForHost } of authorizer.secrets()) {
    if (file === null) continue;
    named(`${name}.file`, file, () => {
      const secret = readSecret(file, configFolder);
      if (isForHost) privateKeys.set(name, secret);
      else authorizer.setSecret(name, secret, Infinity);
    });
  }
  for (const { status, file } of authorizer.pages()) {
    named(`pages.${status}`, file, () => authorizer.setPage(status, readBundled(file, configFolder)));
  }
  return authorizer;
}

/**
 * Hands a file over; an error says where the configuration names it.
 *
 * @param {string} place
 * @param {string} file
 * @param {() => void} handOver
 */
function named(place, file, handOver) {
  try {
    handOver();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw Object.assign(new Error(`${place}: \`${file}\`: ${message}`), { place });
  }
}
