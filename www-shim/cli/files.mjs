import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @param {string} path
 * @param {string} what the file's part in the command, for the message
 * @returns {string}
 * @throws {Error} where it cannot be read as text
 */
export function readText(path, what) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Error(`cannot read ${what} \`${path}\`: ${reason(error)}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${what} \`${path}\` is not UTF-8 text`);
  }
}

/**
 * @param {string} path
 * @param {string} what
 * @returns {unknown}
 * @throws {Error} where it cannot be read as JSON
 */
export function readJson(path, what) {
  const text = readText(path, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} \`${path}\` is not JSON${jsonPlace(error)}`);
  }
}

/**
 * @param {unknown} error of JSON.parse; its message may show a piece of the text, which may be a
 *   secret, so only the place is taken from it
 * @returns {string}
 */
export function jsonPlace(error) {
  const position = /at position (\d+)/.exec(String(error))?.[1];
  return position === undefined ? '' : ` (at character ${Number(position) + 1})`;
}

/**
 * Writes a file that nobody else can read, and never over another one.
 *
 * @param {string} path
 * @param {string} text
 */
export function writeSecret(path, text) {
  writeNew(path, text, 0o600);
}

/**
 * @param {string} path
 * @param {string} text
 * @param {number} [mode]
 */
export function writeNew(path, text, mode = 0o644) {
  try {
    writeFileSync(path, text, { flag: 'wx', mode });
  } catch (error) {
    throw new Error(`cannot write \`${path}\`: ${reason(error)}`);
  }
}

/** @type {(error: unknown) => string} what the file system says, in plain words */
export function reason(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES') return 'that is not permitted';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EEXIST') return 'it exists, and is not overwritten';
  return message;
}
