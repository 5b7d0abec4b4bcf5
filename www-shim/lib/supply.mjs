/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').KeySetReport} KeySetReport */

/**
 * How long after one fetch, good or bad, the next one may begin. Whoever sends tokens with made-up `kid`s must not be
 * able to make us flood the provider.
 */
const COOL_DOWN_SECONDS = 10;

/** How often a value that is still good is asked for while it cannot be had: a viewer waits for each attempt. */
const RETRY_SECONDS = 60;

/** The part of its time after which a value is fetched anew, so that it never gets too old while it can be had. */
const DUE_AFTER = 0.75;

/** Who was asked has answered, but has nothing for us: that is no reason to trust what we have for longer. */
export class Denied extends Error {}

/**
 * Something that is fetched again and again: a key set, a secret. This is what is known of it, and what time says of it;
 * how it is fetched and handed over is said by those that extend it.
 *
 * @template T
 * @abstract
 */
export class Supply {
  /** @type {T | undefined} the value, as it was fetched */
  value;
  /** @type {Promise<boolean> | undefined} the fetch that is under way */
  fetching;
  /** Whether the last fetch failed. */
  isFailing = false;

  #fetchedAt = 0;
  /** From when on the value may be used for as long as stale ones may, if it cannot be had. */
  #staleFrom = 0;
  /** @type {number | undefined} */
  #startedAt;

  /**
   * @param {string} noun what it is, for the log
   * @param {Record<string, string>} context whose it is, for the log
   * @param {number} maxAgeSeconds how long a value is good
   * @param {number} staleIfErrorSeconds how much longer while it cannot be had
   */
  constructor(noun, context, maxAgeSeconds, staleIfErrorSeconds) {
    this.noun = noun;
    this.context = context;
    this.maxAgeSeconds = maxAgeSeconds;
    this.staleIfErrorSeconds = staleIfErrorSeconds;
  }

  /**
   * Fetches a value, within bounds of time and size.
   *
   * @abstract
   * @param {() => Authorizer} _authorizer the instance that decides now
   * @param {number} _now seconds since 1970
   * @returns {Promise<T>}
   * @throws {Denied} where there was an answer, but no value for us
   */
  async fetch(_authorizer, _now) {
    throw new Error('it is not said how this is fetched');
  }

  /**
   * Gives a value to an instance, to be trusted until then. Throws where it will not have it.
   *
   * @abstract
   * @param {Authorizer} _authorizer
   * @param {T} _value
   * @param {number} _until seconds since 1970
   * @returns {KeySetReport | void}
   */
  handOver(_authorizer, _value, _until) {
    throw new Error('it is not said how this is handed over');
  }

  /**
   * Trusts the value that an instance has until another time.
   *
   * @abstract
   * @param {Authorizer} _authorizer
   * @param {T} _value
   * @param {number} _until seconds since 1970
   */
  trustUntil(_authorizer, _value, _until) {
    throw new Error('it is not said how this is trusted');
  }

  /** Until when the value may be trusted: what was taken out of it since is trusted no longer than this. */
  get trustedUntil() {
    return this.isFailing ? this.#staleFrom + this.staleIfErrorSeconds : this.#fetchedAt + this.maxAgeSeconds;
  }

  /**
   * How long ago the value was fetched, in seconds. Of one that has got too old and that nobody has asked for since, the age says
   * nothing about whether it can be had.
   *
   * @param {number} now
   */
  ageAt(now) {
    const age = Math.max(0, now - this.#fetchedAt);
    const isAskedFor = this.#startedAt !== undefined && this.#startedAt > this.#fetchedAt;
    return this.value !== undefined && (age <= this.maxAgeSeconds || isAskedFor) ? age : undefined;
  }

  /**
   * When the value has to be fetched anew. Never without one: then a decision asks for it.
   *
   * @param {number} now
   */
  dueAt(now) {
    if (this.value === undefined || this.fetching !== undefined) return Infinity;
    // A clock that was set back does not make the value younger.
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

  /**
   * A value from before this function started. Once it is as old as one may be, the first decision waits for a new one;
   * only where that cannot be had is this one used, as a stale one from now on.
   *
   * @param {T} value
   * @param {number} fetchedAt
   * @param {number} now
   */
  startWith(value, fetchedAt, now) {
    this.value = value;
    this.#fetchedAt = Math.min(fetchedAt, now);
    this.#staleFrom = Math.max(now, this.#fetchedAt + this.maxAgeSeconds);
  }

  /** @param {number} now */
  begin(now) {
    this.#startedAt = now;
  }

  /**
   * @param {T} value
   * @param {number} fetchedAt
   */
  succeed(value, fetchedAt) {
    this.value = value;
    this.#fetchedAt = fetchedAt;
    this.#staleFrom = fetchedAt + this.maxAgeSeconds;
    this.isFailing = false;
  }

  /** Who was asked cannot be reached. */
  fail() {
    this.isFailing = true;
  }

  /** Who was asked was reached, but has nothing for us. */
  reject() {
    this.isFailing = false;
  }

  forget() {
    this.value = undefined;
  }
}
