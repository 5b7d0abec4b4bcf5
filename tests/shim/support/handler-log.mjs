import assert from 'node:assert/strict';
import { UNNAMED_CLAIM } from './tokens.mjs';

/** @typedef {Record<string, any>} Entry a line of the log */

/** What ends lines, moves cursors or hides: controls, line separators, direction marks, fillers. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** What a handler writes: each line is read, and checked, as soon as the log is asked for. */
export class HandlerLog {
  /** @type {string[]} */
  #unread = [];
  /** @type {Entry[]} */
  #entries = [];
  #forbidden = new Set([UNNAMED_CLAIM]);

  /** @type {(line: string) => void} */
  write = (line) => void this.#unread.push(line);

  /** @param {...string} texts what no line may hold from now on */
  mustNotTell(...texts) {
    for (const text of texts) {
      if (text !== '') this.#forbidden.add(text);
    }
  }

  /** @param {string} token neither as a whole nor by the parts that make it worth something */
  mustNotTellToken(token) {
    const [, payload = '', signature = ''] = token.split('.');
    this.mustNotTell(token, payload, signature);
  }

  /**
   * @returns {readonly Entry[]} the log so far
   * @throws {assert.AssertionError} where a line is no line of a log, or tells too much
   */
  entries() {
    for (const line of this.#unread.splice(0)) this.#entries.push(this.#read(line));
    return this.#entries;
  }

  /** @param {string} message */
  entriesOf(message) {
    return this.entries().filter((entry) => entry.message === message);
  }

  /**
   * @param {string} message
   * @returns {Entry} the last entry with this message
   */
  last(message) {
    const entry = this.entriesOf(message).at(-1);
    assert.ok(entry, `nothing in the log has the message \`${message}\``);
    return entry;
  }

  /**
   * @param {string} line
   * @returns {Entry}
   */
  #read(line) {
    for (const text of this.#forbidden) {
      assert.ok(!line.includes(text), `a line of the log tells what it must not: ${line}`);
    }
    assert.doesNotMatch(line, UNSAFE);
    const entry = JSON.parse(line);
    assert.ok(['error', 'warn', 'info', 'debug'].includes(entry.level), line);
    assert.equal(typeof entry.message, 'string', line);
    return entry;
  }
}
