import { loadModule } from '../lib/wasm.mjs';
import { handOverKeys } from './keys.mjs';
import { shippedAuthorizer } from './tooling.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {{ configText: string, configFolder: string, keys?: unknown }} AuthorizerSource */

/** Cases come grouped as a rule; this many distinct configurations in turn cost nothing extra. */
const MAX_AUTHORIZERS = 32;

/**
 * Ready authorizers by what they were made of, so that thousands of cases over a few
 * configurations decide quickly.
 */
export class Authorizers {
  /** @type {Map<string, Authorizer>} the least recently used first */
  #ready = new Map();
  #module = loadModule();

  /**
   * @param {AuthorizerSource} source
   * @param {(problem: string) => void} warn
   * @returns {Promise<Authorizer>}
   * @throws {Error} where the configuration is wrong
   */
  async get({ configText, configFolder, keys }, warn) {
    const name = [configFolder, configText, JSON.stringify(keys)].join('\0');
    const ready = this.#ready.get(name) ?? (await this.#make(configText, configFolder, keys, warn));
    this.#ready.delete(name);
    this.#ready.set(name, ready);
    const [[oldest, forgotten]] = this.#ready;
    if (this.#ready.size > MAX_AUTHORIZERS) {
      this.#ready.delete(oldest);
      forgotten.free();
    }
    return ready;
  }

  /** After an exception the wasm instance may be poisoned, and with it everything made from it. */
  discardAll() {
    this.#ready.clear();
    this.#module = loadModule();
  }

  /**
   * @param {string} configText
   * @param {string} configFolder
   * @param {unknown} keys
   * @param {(problem: string) => void} warn
   * @returns {Promise<Authorizer>}
   */
  async #make(configText, configFolder, keys, warn) {
    const authorizer = shippedAuthorizer(configText, configFolder, this.#module);
    if (keys !== undefined) handOverKeys(authorizer, keys, warn);
    return authorizer;
  }
}
