import { fetchKeySet } from './fetch-key-set.mjs';

/** @typedef {(provider: string, jwksText: string) => void} TakeKeySet */

/**
 * How long after one fetch, good or bad, the next one may begin. Whoever sends tokens with made-up `kid`s must not be
 * able to make us flood the provider.
 */
const COOL_DOWN_SECONDS = 10;

/**
 * The key sets of the providers, fetched when a decision lacks a key: one fetch at a time for each provider, and none
 * within the cool-down.
 */
export class KeySets {
  /** @type {Map<string, { url: string, text?: string, startedAt?: number, fetching?: Promise<void> }>} */
  #providers = new Map();
  #fetch;
  #now;

  /**
   * @param {object} options
   * @param {() => number} options.now seconds since 1970
   * @param {(url: string) => Promise<string>} [options.fetch]
   */
  constructor({ now, fetch = fetchKeySet }) {
    this.#now = now;
    this.#fetch = fetch;
  }

  /**
   * Fetches a provider's key set, or waits for the fetch that is under way.
   *
   * @param {string} provider
   * @param {string} url
   * @param {TakeKeySet} take what becomes of it, once for each fetch
   * @returns {Promise<boolean>} false within the cool-down, when nothing was fetched
   * @throws {Error} when it cannot be had, or `take` will not have it
   */
  async refresh(provider, url, take) {
    const state = this.#providers.get(provider) ?? { url };
    this.#providers.set(provider, state);
    if (state.fetching === undefined) {
      if (this.#isCoolingDown(state.startedAt)) return false;
      state.startedAt = this.#now();
      state.fetching = this.#fetch(url)
        .then((text) => {
          take(provider, text);
          state.text = text;
        })
        .finally(() => {
          state.fetching = undefined;
        });
    }
    await state.fetching;
    return true;
  }

  /**
   * The key sets that were fetched, for a new instance of the module.
   *
   * @param {TakeKeySet} take
   */
  restore(take) {
    for (const [provider, { text }] of this.#providers) {
      if (text !== undefined) take(provider, text);
    }
  }

  /** @param {number | undefined} startedAt */
  #isCoolingDown(startedAt) {
    if (startedAt === undefined) return false;
    const elapsed = this.#now() - startedAt;
    // A clock that was set back must not stop fetching until it has caught up.
    return elapsed >= 0 && elapsed < COOL_DOWN_SECONDS;
  }
}
