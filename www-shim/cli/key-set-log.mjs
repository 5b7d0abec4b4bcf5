/** @typedef {import('../edge/types.d.ts').KeySetStatus} KeySetStatus */
/** @typedef {{ keys: number | null, fetchedAt: number | null, trustedUntil: Date | null, problem: string | null }} Known */

/** What the handler's log has said of each provider's key set. */
export class KeySetLog {
  /** @type {Map<string, Known>} by provider */
  #known = new Map();
  #now;

  /** @param {() => number} [now] milliseconds since 1970 */
  constructor(now = Date.now) {
    this.#now = now;
  }

  /**
   * Notes a line of the log, if it is about a key set.
   *
   * @param {Record<string, any>} entry
   */
  note({ message, provider, keys, trustedUntil, detail }) {
    if (message !== 'key set' && message !== 'no key set') return;
    const until = typeof trustedUntil === 'string' ? new Date(trustedUntil) : null;
    const before = this.#known.get(provider);
    const known =
      message === 'key set'
        ? { keys: keys ?? null, fetchedAt: this.#now(), trustedUntil: until, problem: null }
        : { keys: before?.keys ?? null, fetchedAt: before?.fetchedAt ?? null, trustedUntil: until, problem: String(detail) };
    this.#known.set(provider, known);
  }

  /**
   * The key sets of a configuration, with what is known of them.
   *
   * @param {any} configuration
   * @returns {KeySetStatus[]}
   */
  statuses({ providers = {} }) {
    return Object.entries(providers)
      .filter(([, { secret }]) => secret === undefined)
      .map(([provider, written]) => {
        const known = this.#known.get(provider);
        const fetchedAt = known?.fetchedAt ?? null;
        return {
          provider,
          from: sourceOf(written),
          keys: known?.keys ?? (written.jwks === undefined ? null : (written.jwks.keys?.length ?? null)),
          ageSeconds: fetchedAt === null ? null : Math.round((this.#now() - fetchedAt) / 1000),
          trustedUntil: known?.trustedUntil ?? null,
          problem: known?.problem ?? null,
        };
      });
  }
}

/** @param {any} provider */
function sourceOf({ jwks, jwksUri, issuer, userPoolId }) {
  if (jwks !== undefined) return 'the configuration';
  return jwksUri ?? (userPoolId === undefined ? `what ${issuer} names` : `user pool ${userPoolId}`);
}
