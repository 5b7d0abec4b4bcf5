import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * A file that the configuration names, as bytes.
 *
 * @param {string} file
 * @param {string | URL} configFolder what its name is relative to
 */
export function readBundled(file, configFolder) {
  const folder = configFolder instanceof URL ? configFolder : pathToFileURL(`${configFolder}/`);
  const path = file.split('/').map(encodeURIComponent).join('/');
  return readFileSync(new URL(path, folder));
}

/**
 * A secret in a file, as bytes.
 *
 * @param {string} file
 * @param {string | URL} configFolder what its name is relative to
 */
export function readSecret(file, configFolder) {
  return withoutLineBreak(readBundled(file, configFolder));
}

/**
 * One line break at the end, which editors add, is not part of a secret.
 *
 * @param {Buffer} bytes
 * @returns {Uint8Array}
 */
export function withoutLineBreak(bytes) {
  return bytes.subarray(0, bytes.toString('latin1').replace(/\r?\n$/, '').length);
}
