import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting with progress: asks again and again, and says every time how long it has been. */
export class Poll {
  #say;
  #seconds;
  #patience;

  /**
   * @param {(line: string) => void} say
   * @param {number} seconds between two questions
   * @param {number} [patience] seconds after which it gives up; a distribution takes some minutes
   */
  constructor(say, seconds, patience = 3_600) {
    this.#say = say;
    this.#seconds = seconds;
    this.#patience = patience;
  }

  /**
   * @param {string} what is waited for
   * @param {() => Promise<boolean>} isDone
   * @throws {Error} after the patience
   */
  async until(what, isDone) {
    let waited = 0;
    while (!(await isDone())) {
      if (waited >= this.#patience) throw new Error(`${what}, after ${waited} seconds still: try again later`);
      await this.pause(`${what} (${waited} s)`);
      waited += Math.max(this.#seconds, 1);
    }
  }

  /** @param {string} why */
  async pause(why) {
    this.#say(`    ${why}`);
    await sleep(this.#seconds * 1000);
  }
}
