/** @typedef {import('../../pkg/edge_authorizer.js').ProviderKeys} Provider */
/** @typedef {{ jwksUri?: string, jwks: unknown, fetchedAt?: number }} PinnedKeySet what was fetched when the zip was made, and when, in seconds since 1970 */

/**
 * How long after one fetch, good or bad, the next one may begin. Whoever sends tokens with made-up `kid`s must not be
 * able to make us flood the provider.
 */
const COOL_DOWN_SECONDS = 10;

/** How often a set that is still good is asked for while its provider is down: a viewer waits for each attempt. */
const RETRY_SECONDS = 60;

/** The part of its time after which a set is fetched anew, so that it never gets too old while the provider is up. */
const DUE_AFTER = 0.75;

/** How long a `kid` that the provider does not have is not asked for again, and how many such are remembered. */
const UNKNOWN_SECONDS = 60;
const MAX_UNKNOWN = 100;

/**
 * What is known of one provider's key set, and what time says of it. No network, no clock.
 */
export class ProviderKeys {
  /** @type {string | undefined} the text of the set, as it was fetched */
  text;
  /** @type {Promise<boolean> | undefined} the fetch that is under way */
  fetching;
  /** Whether the last fetch failed. */
  isFailing = false;

  #fetchedAt = 0;
  /** From when on the set may be used for as long as stale ones may, if its provider is down. */
  #staleFrom = 0;
  /** @type {number | undefined} */
  #startedAt;
  /** @type {Map<string, number>} */
  #unknown = new Map();

  /**
   * @param {Provider} provider
   * @param {PinnedKeySet | undefined} pinned
   * @param {number} now
   */
  constructor({ name, jwksUri, discoveryUri, jwksMaxAgeSeconds, jwksStaleIfErrorSeconds }, pinned, now) {
    this.name = name;
    this.discoveryUri = discoveryUri;
    this.maxAgeSeconds = jwksMaxAgeSeconds;
    this.staleIfErrorSeconds = jwksStaleIfErrorSeconds;
    /** @type {string | undefined} */
    this.jwksUri = jwksUri ?? pinned?.jwksUri;
    if (pinned !== undefined) {
      this.text = JSON.stringify(pinned.jwks);
      // Once it is as old as a set may be, the first decision waits for a new one; only where the provider is down then is
      // the pinned one used, as a stale one from now on.
      this.#fetchedAt = Math.min(pinned.fetchedAt ?? 0, now);
      this.#staleFrom = Math.max(now, this.#fetchedAt + this.maxAgeSeconds);
    }
  }

  /** Until when the set may be trusted: a key that the provider takes out of it is trusted no longer than this. */
  get trustedUntil() {
    return this.isFailing ? this.#staleFrom + this.staleIfErrorSeconds : this.#fetchedAt + this.maxAgeSeconds;
  }

  /**
   * When the set has to be fetched anew. Never without a set: then a decision asks for it.
   *
   * @param {number} now
   */
  dueAt(now) {
    if (this.text === undefined || this.fetching !== undefined) return Infinity;
    // A clock that was set back does not make the set younger.
    const dueAt = now < this.#fetchedAt ? now : this.#fetchedAt + DUE_AFTER * this.maxAgeSeconds;
    if (this.#startedAt === undefined || this.#startedAt > now) return dueAt;
    return Math.max(dueAt, this.#startedAt + (this.isFailing ? RETRY_SECONDS : COOL_DOWN_SECONDS));
  }

  /** @param {number} now */
  isCoolingDown(now) {
    if (this.#startedAt === undefined) return false;
    const elapsed = now - this.#startedAt;
    // A clock that was set back must not stop fetching until it has caught up.
    return elapsed >= 0 && elapsed < COOL_DOWN_SECONDS;
  }

  /** @param {number} now */
  begin(now) {
    this.#startedAt = now;
  }

  /**
   * @param {string} text
   * @param {number} fetchedAt
   */
  succeed(text, fetchedAt) {
    this.text = text;
    this.#fetchedAt = fetchedAt;
    this.#staleFrom = fetchedAt + this.maxAgeSeconds;
    this.isFailing = false;
    this.#discoverAgain();
  }

  /** The provider cannot be reached. */
  fail() {
    this.isFailing = true;
    this.#discoverAgain();
  }

  /** The provider was reached, but has no key for us: that is no reason to trust its old ones for longer. */
  reject() {
    this.isFailing = false;
    this.#discoverAgain();
  }

  /** The issuer may move its keys. */
  #discoverAgain() {
    if (this.discoveryUri !== null) this.jwksUri = undefined;
  }

  forget() {
    this.text = undefined;
  }

  /**
   * Whether the provider was asked for this `kid` a short while ago and did not have it.
   *
   * @param {string} kid
   * @param {number} now
   */
  isUnknown(kid, now) {
    const askedAt = this.#unknown.get(kid);
    return askedAt !== undefined && now >= askedAt && now < askedAt + UNKNOWN_SECONDS;
  }

  /**
   * @param {string} kid
   * @param {number} now
   */
  rememberUnknown(kid, now) {
    this.#unknown.delete(kid);
    this.#unknown.set(kid, now);
    if (this.#unknown.size > MAX_UNKNOWN) {
      const [[oldest]] = this.#unknown;
      this.#unknown.delete(oldest);
    }
  }
}
