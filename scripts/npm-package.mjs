// node scripts/npm-package.mjs FOLDER: fills an empty folder with what the npm package holds: www-shim/ without what is for
// development, the module in pkg/, the handler once more as CommonJS, and the types.

import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { modulesOf } from './bundle-contents.mjs';
import { asCommonJs } from './commonjs.mjs';

const ENTRY = 'lib/handler.mjs';
const COPIED = ['authorizer.schema.json', 'cli.mjs', 'cli', 'edge', 'lib', 'README.md'];
const MODULE_FILES = ['edge_authorizer.js', 'edge_authorizer_bg.wasm', 'snippets', 'package.json'];
const LICENSES = ['LICENSE-APACHE', 'LICENSE-MIT'];
/** What of package.json is for this repository. `private` keeps the folder from being published unpacked. */
const NOT_PUBLISHED = ['private', 'scripts', 'review', 'devDependencies'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shim = join(root, 'www-shim');

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/npm-package.mjs FOLDER');
if (readdirSync(folder).length > 0) throw new Error(`\`${folder}\` is not empty`);
fill(folder);

/** @param {string} folder */
function fill(folder) {
  for (const name of COPIED) cpSync(join(shim, name), join(folder, name), { recursive: true });
  for (const name of LICENSES) cpSync(join(root, name), join(folder, name));
  for (const pkg of ['pkg', 'pkg/tooling']) {
    mkdirSync(join(folder, pkg));
    for (const name of MODULE_FILES) cpSync(join(root, pkg, name), join(folder, pkg, name), { recursive: true });
  }
  for (const name of modulesOf(shim, ENTRY)) {
    writeFileSync(join(folder, name.replace(/\.mjs$/, '.cjs')), asCommonJs(readFileSync(join(shim, name), 'utf8')));
  }
  // TypeScript tells by the file's name for which kind of module types are.
  for (const name of ['api.d.mts', 'api.d.cts']) writeFileSync(join(folder, name), types());
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** One file that needs no other: a type from an ES module is not to be had in CommonJS without more ado. */
function types() {
  const api = readFileSync(join(shim, 'api.d.ts'), 'utf8');
  const own = api.replace(/^\/\/.*\n+/, '').replace(/^import type .*\n+/gm, '');
  return `${readFileSync(join(root, 'src/types.d.ts'), 'utf8')}\n${own}`;
}

function manifest() {
  const written = JSON.parse(readFileSync(join(shim, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.entries(written).filter(([name]) => !NOT_PUBLISHED.includes(name)));
}
