/** @typedef {import('./types.d.ts').RequestRecord} RequestRecord */
/** @typedef {import('./types.d.ts').ActivityReport} ActivityReport */

/** How many of the latest requests are shown. */
const MOST_LATEST = 20;
/** How many of the latest times of a code its median is of. */
const MOST_TIMES = 1000;

/** What the local edge has done since it started. */
export class Activity {
  #since;
  #requests = 0;
  #cache = { hit: 0, miss: 0 };
  /** @type {Map<string, { count: number, times: number[] }>} by code */
  #decisions = new Map();
  /** @type {RequestRecord[]} the latest first */
  #latest = [];

  /** @param {Date} [since] */
  constructor(since = new Date()) {
    this.#since = since;
  }

  /** @param {RequestRecord} record */
  add(record) {
    this.#requests += 1;
    if (record.cache !== null) this.#cache[record.cache] += 1;
    this.#latest = [record, ...this.#latest].slice(0, MOST_LATEST);
    if (record.code === null) return;
    const decision = this.#decisions.get(record.code) ?? { count: 0, times: [] };
    this.#decisions.set(record.code, decision);
    decision.count += 1;
    if (record.microseconds !== null) decision.times = [record.microseconds, ...decision.times].slice(0, MOST_TIMES);
  }

  /** @returns {ActivityReport} */
  report() {
    const decisions = [...this.#decisions].map(([code, { count, times }]) => ({ code, count, microseconds: median(times) }));
    return {
      since: this.#since,
      requests: this.#requests,
      decisions: decisions.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
      hits: this.#cache.hit,
      misses: this.#cache.miss,
      latest: this.#latest,
    };
  }
}

/** @type {(values: number[]) => number | null} */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
