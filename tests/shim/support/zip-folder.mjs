import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** @typedef {import('node:test').TestContext} TestContext */

/**
 * The unpacked zip: what ships, and so what is tested.
 *
 * @returns {string} the folder
 * @throws {Error} where none is named, so that no test passes for want of it
 */
export function unpackedZip() {
  const folder = process.env.EDGE_AUTHORIZER_ZIP_FOLDER;
  if (!folder) {
    throw new Error('EDGE_AUTHORIZER_ZIP_FOLDER names no unpacked zip; `./build.sh test` sets it');
  }
  if (!statSync(join(folder, 'index.mjs'), { throwIfNoEntry: false })?.isFile()) {
    throw new Error(`EDGE_AUTHORIZER_ZIP_FOLDER is \`${folder}\`, which has no \`index.mjs\``);
  }
  return resolve(folder);
}

/**
 * A copy of the unpacked zip with another configuration, away from every other file of the project.
 *
 * @param {TestContext} t
 * @param {unknown} configuration
 * @returns {string} the folder
 */
export function zipFolderWith(t, configuration) {
  const folder = emptyFolder(t);
  cpSync(unpackedZip(), folder, { recursive: true });
  writeFileSync(join(folder, 'authorizer.json'), JSON.stringify(configuration));
  return folder;
}

/**
 * @param {TestContext} t
 * @returns {string} a new folder that is removed when the test ends
 */
export function emptyFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-zip-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
