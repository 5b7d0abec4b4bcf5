import { ProviderKeys } from './provider-keys.mjs';
import { RemoteSecret } from './remote-secret.mjs';
import { Denied } from './supply.mjs';
import { isTrap } from './trap.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').KeySetReport} KeySetReport */
/** @typedef {import('../../pkg/edge_authorizer.js').KeysNeededOutcome | import('../../pkg/edge_authorizer.js').SecretNeededOutcome} Need */
/** @typedef {import('./provider-keys.mjs').PinnedKeySet} PinnedKeySet */
/** @typedef {import('./supply.mjs').Supply<any>} Supply */

/**
 * @typedef {object} SuppliesOptions
 * @property {() => Authorizer} authorizer the instance that decides now
 * @property {import('./private-keys.mjs').PrivateKeys} privateKeys takes those that are fetched
 * @property {() => number} now seconds since 1970
 * @property {(supply: Supply, report: KeySetReport | void, trustedUntil: number) => void} onSupply a value was fetched and taken
 * @property {(supply: Supply, error: unknown) => void} onFailure a value could not be had or taken
 */

/**
 * What decisions need from elsewhere, over its whole life: key sets, pinned at first perhaps, and secrets. They are fetched
 * when a decision lacks one, fetched again before they are too old, kept a while longer where they cannot be had.
 *
 * One fetch at a time for each, and none within its cool-down, whatever viewers send.
 */
export class Supplies {
  /** @type {Map<string, ProviderKeys>} */
  #keySets = new Map();
  /** @type {Map<string, RemoteSecret>} */
  #secrets = new Map();
  #options;
  /** When they were last looked through, and when they have to be again. */
  #lookedAt = 0;
  #lookAgainAt = 0;

  /** @param {SuppliesOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Gives an instance of the module what there is. What it will not have is forgotten.
   *
   * @param {Authorizer} authorizer
   * @param {Record<string, PinnedKeySet>} pinned for providers that are seen for the first time
   */
  handOver(authorizer, pinned) {
    for (const provider of authorizer.providers()) {
      const { name, jwksUri, discoveryUri } = provider;
      if ((jwksUri === null && discoveryUri === null) || this.#keySets.has(name)) continue;
      this.#keySets.set(name, new ProviderKeys(provider, pinned[name], this.#options.now()));
    }
    for (const { name, isForHost, file, remote } of authorizer.secrets()) {
      if (remote === null || this.#secrets.has(name)) continue;
      this.#secrets.set(name, new RemoteSecret({ name, isForHost, file, remote }, this.#options.privateKeys));
    }
    for (const supply of this.#all()) {
      if (supply.value === undefined) continue;
      try {
        supply.handOver(authorizer, supply.value, supply.trustedUntil);
      } catch (error) {
        if (isTrap(error)) throw error;
        supply.forget();
        this.#options.onFailure(supply, error);
      }
    }
  }

  /**
   * Fetches what a decision lacks, if that may help and it is time to. Afterwards the decision is made with what there is.
   *
   * @param {Need} need
   */
  async supply(need) {
    const now = this.#options.now();
    if (need.kind === 'secret-needed') {
      const secret = this.#secrets.get(need.secret);
      if (secret !== undefined) await this.#refreshUnlessCooling(secret, now);
      return;
    }
    const keys = this.#keySets.get(need.provider);
    if (keys === undefined) throw new Error(`the provider \`${need.provider}\` has no key set to fetch`);
    if (need.kid !== null && keys.isUnknown(need.kid, now)) return;
    const isNew = await this.#refreshUnlessCooling(keys, now);
    // Asked for again, it would be fetched for in vain; where it came with the set it is not asked for.
    if (need.kid !== null && isNew) keys.rememberUnknown(need.kid, now);
  }

  /**
   * Fetches what is getting old, while it is still good. It is waited for, since a function that has answered is frozen,
   * and a fetch that thaws hours later says nothing about who was asked.
   *
   * @param {number} now seconds since 1970
   * @returns {Promise<void> | undefined} nothing where nothing is to be waited for
   */
  refreshAhead(now) {
    return now < this.#lookAgainAt && now >= this.#lookedAt ? undefined : this.#refreshDue(now);
  }

  /** @param {number} now */
  async #refreshDue(now) {
    const all = this.#all();
    await Promise.all(all.filter((supply) => supply.dueAt(now) <= now).map((supply) => this.#refresh(supply)));
    this.#lookedAt = now;
    this.#lookAgainAt = Math.min(...all.map((supply) => supply.dueAt(now)));
  }

  /**
   * How old the key sets are that are in use.
   *
   * @param {number} now seconds since 1970
   * @returns {[provider: string, seconds: number][]}
   */
  keySetAges(now) {
    return [...this.#keySets.values()].flatMap((keys) => {
      const age = keys.ageAt(now);
      return age === undefined ? [] : [[keys.name, age]];
    });
  }

  /** @returns {Supply[]} */
  #all() {
    return [...this.#keySets.values(), ...this.#secrets.values()];
  }

  /**
   * @param {Supply} supply
   * @param {number} now
   */
  async #refreshUnlessCooling(supply, now) {
    if (supply.fetching === undefined && supply.isCoolingDown(now)) return false;
    return this.#refresh(supply);
  }

  /**
   * Fetches a value, or waits for the fetch that is under way. Fails only by `onFailure`.
   *
   * @param {Supply} supply
   * @returns {Promise<boolean>} whether there is a new value
   */
  #refresh(supply) {
    supply.fetching ??= this.#fetchAndTake(supply).finally(() => {
      supply.fetching = undefined;
    });
    return supply.fetching;
  }

  /** @param {Supply} supply */
  async #fetchAndTake(supply) {
    const { authorizer, now, onSupply, onFailure } = this.#options;
    const startedAt = now();
    supply.begin(startedAt);
    this.#lookAgainAt = 0;
    let isAnswered = false;
    try {
      const value = await supply.fetch(authorizer, startedAt);
      isAnswered = true;
      const until = startedAt + supply.maxAgeSeconds;
      onSupply(supply, supply.handOver(authorizer(), value, until), until);
      supply.succeed(value, startedAt);
      return true;
    } catch (error) {
      // An answer that the module will not have is an answer, too.
      if (isAnswered || error instanceof Denied) supply.reject();
      else supply.fail();
      onFailure(supply, error);
      this.#trustAsLongAsNow(supply);
      return false;
    }
  }

  /** @param {Supply} supply whose value is good for longer, where it could not be had, or no longer */
  #trustAsLongAsNow(supply) {
    const { authorizer, onFailure } = this.#options;
    if (supply.value === undefined) return;
    try {
      supply.trustUntil(authorizer(), supply.value, supply.trustedUntil);
    } catch (error) {
      onFailure(supply, error);
    }
  }
}
