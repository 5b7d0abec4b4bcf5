/** @typedef {'error' | 'warn' | 'info' | 'debug'} Level */

/** What is deliberately left unchecked is said wherever what is broken is. */
const RANKS = { error: 0, warn: 0, info: 1, debug: 2 };

/** What viewers write into a log line (`kid`) is cut to this length. */
const MAX_TEXT = 200;

/**
 * A log of one JSON object a line.
 *
 * Callers pass names, codes and sentences, never a token, a secret or a claim.
 *
 * @param {Level} most the least urgent level that is written
 * @param {(line: string) => void} [write]
 * @param {Record<string, unknown>} [always] in every line
 */
export function createLog(most, write = console.log, always = {}) {
  /** @type {(level: Level) => boolean} */
  const writes = (level) => RANKS[level] <= RANKS[most];
  /** @type {(level: Level, fields: Record<string, unknown>) => void} */
  const log = (level, fields) => {
    if (writes(level)) write(escaped(JSON.stringify({ level, ...always, ...fields }, shortened)));
  };
  /** @type {(fields: Record<string, unknown>) => void} a line at any level, with nothing in it that viewers write */
  const writeLine = (fields) => write(escaped(JSON.stringify({ ...always, ...fields })));
  return Object.assign(log, { writes, write: writeLine });
}

/** @typedef {ReturnType<typeof createLog>} Log */

/** @type {(key: string, value: unknown) => unknown} */
function shortened(_key, value) {
  return typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
}

/**
 * `JSON.stringify` escapes the controls below U+0020; terminals and log readers act on, or hide, many others.
 *
 * @param {string} line
 */
function escaped(line) {
  return line.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
