import { deadline, fetchKeySet } from './fetch-key-set.mjs';
import { Denied, Supply } from './supply.mjs';
import { isTrap } from './trap.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').ProviderKeys} Provider */
/** @typedef {{ jwksUri?: string, jwks: unknown, fetchedAt?: number }} PinnedKeySet what was fetched when the zip was made, and when, in seconds since 1970 */

/** How long a `kid` that the provider does not have is not asked for again, and how many such are remembered. */
const UNKNOWN_SECONDS = 60;
const MAX_UNKNOWN = 100;

/**
 * One provider's key set, as text.
 *
 * @extends {Supply<string>}
 */
export class ProviderKeys extends Supply {
  /** @type {Map<string, number>} */
  #unknown = new Map();

  /**
   * @param {Provider} provider
   * @param {PinnedKeySet | undefined} pinned
   * @param {number} now
   */
  constructor({ name, jwksUri, discoveryUri, jwksMaxAgeSeconds, jwksStaleIfErrorSeconds }, pinned, now) {
    super('key set', { provider: name }, jwksMaxAgeSeconds, jwksStaleIfErrorSeconds);
    this.name = name;
    this.discoveryUri = discoveryUri;
    /** @type {string | undefined} */
    this.jwksUri = jwksUri ?? pinned?.jwksUri;
    if (pinned !== undefined) this.startWith(JSON.stringify(pinned.jwks), pinned.fetchedAt ?? 0, now);
  }

  /**
   * @override
   * @param {() => Authorizer} authorizer
   */
  async fetch(authorizer) {
    const limits = deadline();
    const { jwksUri, discoveryUri } = this;
    // The issuer may move its keys: it is asked where they are each time, but for the first after a pinned answer.
    if (discoveryUri !== null) this.jwksUri = undefined;
    if (jwksUri !== undefined) return fetchKeySet(jwksUri, limits);
    const document = await fetchKeySet(/** @type {string} */ (discoveryUri), limits);
    return fetchKeySet(this.#uriIn(document, authorizer()), limits);
  }

  /**
   * @param {string} document
   * @param {Authorizer} authorizer
   */
  #uriIn(document, authorizer) {
    try {
      return authorizer.discoveredJwksUri(this.name, document);
    } catch (error) {
      throw isTrap(error) ? error : new Denied(/** @type {Error} */ (error).message);
    }
  }

  /** @type {Supply<string>['handOver']} */
  handOver(authorizer, value, until) {
    return authorizer.setKeySet(this.name, value, until);
  }

  /** @type {Supply<string>['trustUntil']} */
  trustUntil(authorizer, _value, until) {
    authorizer.trustKeysUntil(this.name, until);
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
