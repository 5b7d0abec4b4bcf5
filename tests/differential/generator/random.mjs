/** Random numbers that a seed repeats (the generator is sfc32, by Chris Doty-Humphrey). */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = Uint32Array.of(seed, seed / 2 ** 32, 0x9e3779b9, 1);
    for (let round = 0; round < 16; round += 1) {
      this.#next();
    }
  }

  #next() {
    const state = this.#state;
    const [a, b, c, counter] = state;
    const result = (a + b + counter) >>> 0;
    state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + result, counter + 1]);
    return result;
  }

  /**
   * An integer from 0, below `limit`.
   *
   * @param {number} limit
   */
  below(limit) {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  /**
   * @template T
   * @param {readonly T[]} items
   * @returns {T}
   */
  pick(items) {
    return items[this.below(items.length)];
  }

  /** True as often as not. */
  flip() {
    return this.below(2) === 1;
  }

  /**
   * Letters and digits.
   *
   * @param {number} length
   */
  word(length) {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }
}
