import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A copy of the unpacked zip with another configuration, away from every other file of the project.
 *
 * @param {import('node:test').TestContext} t
 * @param {unknown} configuration
 * @returns {string} the folder
 */
export function zipFolderWith(t, configuration) {
  const unpacked = process.env.EDGE_AUTHORIZER_ZIP_FOLDER;
  if (!unpacked) {
    throw new Error('EDGE_AUTHORIZER_ZIP_FOLDER names no unpacked zip; `./build.sh test` sets it');
  }
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-zip-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(unpacked, folder, { recursive: true });
  writeFileSync(join(folder, 'authorizer.json'), JSON.stringify(configuration));
  return folder;
}
