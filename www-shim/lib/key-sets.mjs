import { deadline, fetchKeySet } from './fetch-key-set.mjs';
import { ProviderKeys } from './provider-keys.mjs';
import { isTrap } from './wasm.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').KeySetReport} KeySetReport */
/** @typedef {import('../../pkg/edge_authorizer.js').ProviderKeys} Provider */
/** @typedef {import('./provider-keys.mjs').PinnedKeySet} PinnedKeySet */

/**
 * @typedef {object} KeySetsOptions
 * @property {() => Authorizer} authorizer the instance that decides now
 * @property {() => number} now seconds since 1970
 * @property {(provider: string, report: KeySetReport) => void} onKeySet a set was fetched and taken
 * @property {(provider: string, error: unknown) => void} onFailure a set could not be had or taken
 */

/**
 * The key sets of the providers over their whole life: pinned at first perhaps, fetched when a decision lacks a key,
 * fetched again before they are too old, kept a while longer where the provider is down.
 *
 * One fetch at a time for each provider, and none within its cool-down, whatever viewers send.
 */
export class KeySets {
  /** @type {Map<string, ProviderKeys>} */
  #providers = new Map();
  #options;
  /** When the sets were last looked through, and when they have to be again. */
  #lookedAt = 0;
  #lookAgainAt = 0;

  /** @param {KeySetsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Gives an instance of the module the sets that there are. A set that it will not have is forgotten.
   *
   * @param {Authorizer} authorizer
   * @param {Record<string, PinnedKeySet>} pinned for providers that are seen for the first time
   */
  handOver(authorizer, pinned) {
    for (const provider of authorizer.providers()) {
      if (provider.jwksUri === null && provider.discoveryUri === null) continue;
      const keys =
        this.#providers.get(provider.name) ??
        new ProviderKeys(provider, pinned[provider.name], this.#options.now());
      this.#providers.set(provider.name, keys);
      if (keys.text === undefined) continue;
      try {
        authorizer.setKeySet(provider.name, keys.text, keys.trustedUntil);
      } catch (error) {
        if (isTrap(error)) throw error;
        keys.forget();
        this.#options.onFailure(provider.name, error);
      }
    }
  }

  /**
   * Fetches what a decision lacks, if that may help and it is time to. Afterwards the decision is made with what there is.
   *
   * @param {string} provider
   * @param {string | null} kid that no key of the provider has; null where it has no keys
   */
  async supply(provider, kid) {
    const keys = this.#providers.get(provider);
    if (keys === undefined) throw new Error(`the provider \`${provider}\` has no key set to fetch`);
    const now = this.#options.now();
    if (kid !== null && keys.isUnknown(kid, now)) return;
    if (keys.fetching === undefined && keys.isCoolingDown(now)) return;
    const isNew = await this.#refresh(keys);
    // Asked for again, it would be fetched for in vain; where it came with the set it is not asked for.
    if (kid !== null && isNew) keys.rememberUnknown(kid, now);
  }

  /**
   * Fetches the sets that are getting old, while they are still good. It is waited for, since a function that has answered
   * is frozen, and a fetch that thaws hours later says nothing about the provider.
   *
   * @returns {Promise<void> | undefined} nothing where nothing is to be waited for
   */
  refreshAhead() {
    const now = this.#options.now();
    return now < this.#lookAgainAt && now >= this.#lookedAt ? undefined : this.#refreshDue(now);
  }

  /** @param {number} now */
  async #refreshDue(now) {
    const all = [...this.#providers.values()];
    await Promise.all(all.filter((keys) => keys.dueAt(now) <= now).map((keys) => this.#refresh(keys)));
    this.#lookedAt = now;
    this.#lookAgainAt = Math.min(...all.map((keys) => keys.dueAt(now)));
  }

  /**
   * Fetches a set, or waits for the fetch that is under way. Fails only by `onFailure`.
   *
   * @param {ProviderKeys} keys
   * @returns {Promise<boolean>} whether there is a new set
   */
  #refresh(keys) {
    keys.fetching ??= this.#fetchAndTake(keys).finally(() => {
      keys.fetching = undefined;
    });
    return keys.fetching;
  }

  /** @param {ProviderKeys} keys */
  async #fetchAndTake(keys) {
    const { authorizer, now, onKeySet, onFailure } = this.#options;
    const startedAt = now();
    keys.begin(startedAt);
    this.#lookAgainAt = 0;
    const text = await this.#fetch(keys).catch((error) => {
      keys.fail();
      onFailure(keys.name, error);
      this.#trustLonger(keys);
    });
    if (typeof text !== 'string') return false;
    try {
      onKeySet(keys.name, authorizer().setKeySet(keys.name, text, startedAt + keys.maxAgeSeconds));
      keys.succeed(text, startedAt);
      return true;
    } catch (error) {
      keys.reject();
      onFailure(keys.name, error);
      return false;
    }
  }

  /** @param {ProviderKeys} keys whose provider is down */
  #trustLonger(keys) {
    const { authorizer, onFailure } = this.#options;
    if (keys.text === undefined) return;
    try {
      authorizer().trustKeysUntil(keys.name, keys.trustedUntil);
    } catch (error) {
      onFailure(keys.name, error);
    }
  }

  /** @param {ProviderKeys} keys */
  async #fetch(keys) {
    const signal = deadline();
    if (keys.jwksUri === undefined) {
      const document = await fetchKeySet(/** @type {string} */ (keys.discoveryUri), signal);
      keys.jwksUri = this.#options.authorizer().discoveredJwksUri(keys.name, document);
    }
    return fetchKeySet(keys.jwksUri, signal);
  }
}
