import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readZip, writeZip } from '../../../scripts/zip.mjs';

/**
 * A zip with another configuration, beside the configuration itself; its module is that of the zip under test.
 *
 * @param {{ folder: string }} where
 * @param {string} name
 * @param {(configuration: any) => object} [change]
 * @returns {Promise<string[]>} the options that name both
 */
export async function bundle({ folder }, name, change = (configuration) => configuration) {
  const entries = readZip(readFileSync(String(process.env.EDGE_AUTHORIZER_TEST_ZIP)));
  const own = entries.find((entry) => entry.name === 'authorizer.json') ?? assert.fail('no authorizer.json in the zip');
  own.content = Buffer.from(JSON.stringify(change(JSON.parse(own.content.toString()))));
  const [config, zip] = [join(folder, `${name}.json`), join(folder, `${name}.zip`)];
  writeFileSync(config, own.content);
  writeFileSync(zip, (await writeZip(entries)).zip);
  return ['--config', config, '--zip', zip];
}
