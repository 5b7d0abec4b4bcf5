// node scripts/unpack.mjs ZIP FOLDER: unpacks a zip into a folder that does not exist yet.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readZip } from './zip.mjs';

const [zip, folder] = process.argv.slice(2);
if (zip === undefined || folder === undefined) {
  throw new Error('usage: node scripts/unpack.mjs ZIP FOLDER');
}
mkdirSync(folder);
for (const { name, content } of readZip(readFileSync(zip))) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
