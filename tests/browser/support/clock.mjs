/**
 * The time of this process, and so of the edge and of the provider. It is moved, never waited for. What the browser has is the
 * real time.
 */
export class Clock {
  /** By how much the edge's clock is ahead of the provider's, in seconds. */
  skew = 0;
  #moved = 0;
  #now = Date.now;

  /** @param {import('node:test').TestContext} t after which the time is the real one again */
  constructor(t) {
    Date.now = () => this.#now.call(Date) + this.#moved * 1000;
    t.after(() => {
      Date.now = this.#now;
    });
  }

  /** @param {number} seconds */
  pass(seconds) {
    this.#moved += seconds;
  }

  /** What the edge takes for the time, in seconds since 1970. */
  atEdge = () => Date.now() / 1000 + this.skew;
}
