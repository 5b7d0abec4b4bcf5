// Our handler, from the unpacked zip, with a module made for the configuration.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { makeFolder, moduleMadeFor } from '../../scripts/module/made-folder.mjs';

/** @typedef {import('../material/keys.mjs').SigningKey} SigningKey */
/** @typedef {(event: any) => Promise<any>} Handler */

/** @type {string[]} */
const folders = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/**
 * @param {string} zipFolder the unpacked zip, with a module for any configuration
 * @param {string} configText
 * @returns {string} a folder with one that is made for this configuration
 */
export function ourFolder(zipFolder, configText) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-ours-'));
  folders.push(folder);
  makeFolder(zipFolder, folder, configText, moduleMadeFor(zipFolder, configText));
  return folder;
}

/**
 * @param {string} folder made for the configuration
 * @param {string} configText
 * @param {Record<string, SigningKey[]>} keys by provider
 * @returns {Promise<Handler>}
 */
export async function handlerIn(folder, configText, keys) {
  const { createHandler } = await import(pathToFileURL(join(folder, 'lib/handler.mjs')).href);
  const fetchedAt = Math.floor(Date.now() / 1000);
  const sets = Object.entries(keys).map(([provider, list]) => [
    provider,
    { jwks: { keys: list.map(({ jwk }) => jwk) }, fetchedAt },
  ]);
  return createHandler({ configText, configFolder: folder, pinned: Object.fromEntries(sets), write: tell });
}

/**
 * Not to standard output, where the tables go; and not that a provider of the benchmark is on loopback.
 *
 * @param {string} line of the log
 */
function tell(line) {
  if (JSON.parse(line).message !== 'notice') console.error(line);
}

/**
 * @param {string} zipFolder the unpacked zip, with a module for any configuration
 * @param {string} configText
 * @param {Record<string, SigningKey[]>} keys by provider
 * @param {Record<string, string>} [files] that the configuration names
 * @returns {Promise<Handler>}
 */
export function ourHandler(zipFolder, configText, keys, files = {}) {
  const folder = ourFolder(zipFolder, configText);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return handlerIn(folder, configText, keys);
}
