import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder, moduleMadeFor } from '../../../scripts/module/made-folder.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

/**
 * The unpacked zip: what ships, and so what is tested. Its module takes any configuration.
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

/** The folders that were made, by configuration. @type {Map<string, string>} */
const made = new Map();
process.on('exit', () => made.forEach((folder) => rmSync(folder, { recursive: true })));

/**
 * The unpacked zip, or one like it whose module is made for this configuration, where `EDGE_AUTHORIZER_MADE_FOR_EACH` says so:
 * all that a handler is tested for is to hold for both. A configuration that none can be made for is for the handler to refuse.
 *
 * @param {string} configText
 * @returns {string} the folder
 */
export function unpackedZipFor(configText) {
  if (process.env.EDGE_AUTHORIZER_MADE_FOR_EACH !== '1') return unpackedZip();
  const known = made.get(configText);
  if (known !== undefined) return known;
  const module = withoutBeingSeen(() => moduleMadeFor(unpackedZip(), configText));
  if (module === undefined) return unpackedZip();
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-made-'));
  makeFolder(unpackedZip(), folder, configText, module);
  made.set(configText, folder);
  return folder;
}

// The type check knows Node.js only, and its types leave WebAssembly to those of browsers.
const { WebAssembly } = /** @type {any} */ (globalThis);
const { Instance } = WebAssembly;

/**
 * Tests that look at the instances of a handler are not to see those that make its module.
 *
 * @template T
 * @param {() => T} make
 * @returns {T | undefined} nothing where it throws
 */
function withoutBeingSeen(make) {
  const seen = WebAssembly.Instance;
  WebAssembly.Instance = Instance;
  try {
    return make();
  } catch {
    return undefined;
  } finally {
    WebAssembly.Instance = seen;
  }
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
  const configText = JSON.stringify(configuration);
  cpSync(unpackedZipFor(configText), folder, { recursive: true });
  writeFileSync(join(folder, 'authorizer.json'), configText);
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
