// node scripts/bundle.mjs --config FILE --output ZIP [--pinned FILE] [--any-configuration]: makes the zip for Lambda@Edge, with
// key sets that `edge-authorizer pin` fetched, and prints what it weighs. With `--any-configuration` the module is not made for
// this one: it reads whatever `authorizer.json` is there when it starts, as the tests want it.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { loadTooling } from '../www-shim/cli/tooling.mjs';
import { bundleContents } from './bundle-contents.mjs';
import { moduleFor } from './module/for-configuration.mjs';
import { writeZip } from './zip.mjs';
import { zopfli } from './zopfli.mjs';

// For what we add: the configuration, its key sets and secrets are as large as the user makes them.
// Whether a MB of a quota is 1,000,000 bytes or 1,048,576 is not told: the smaller one is safe.
const OWN_LIMIT = 143_000;
/** Without the source of Rust's standard library the module has what panics say (scripts/slim-library.sh). */
const PANICS_SAY = 'called `Option::unwrap()`';
const FOR_WORDS_OF_PANICS = 15_000;
const OWN_PARTS = /^(?:index\.mjs$|lib\/|pkg\/)/;
const LIMITS = [
  // The quota until 2023, which many accounts, articles and templates still assume.
  { name: 'Lambda@Edge viewer-request, formerly', bytes: 1_000_000 },
  // Amazon CloudFront Developer Guide, "Quotas on Lambda@Edge".
  { name: 'Lambda@Edge viewer-request, today', bytes: 50_000_000 },
];

await main();

async function main() {
  const { config, output, pinned, 'any-configuration': any = false } = parseArgs({
    options: {
      config: { type: 'string' },
      output: { type: 'string' },
      pinned: { type: 'string' },
      'any-configuration': { type: 'boolean' },
    },
  }).values;
  if (config === undefined || output === undefined) {
    throw new Error('usage: node scripts/bundle.mjs --config FILE --output ZIP [--pinned FILE] [--any-configuration]');
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    await bundle(root, config, output, { pinned, any });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} root
 * @param {string} config
 * @param {string} output
 * @param {{ pinned?: string, any: boolean }} options
 */
async function bundle(root, config, output, { pinned, any }) {
  const text = readFileSync(config, 'utf8');
  const { Authorizer } = loadTooling();
  const authorizer = new Authorizer(text);
  const general = readFileSync(join(root, 'pkg/edge_authorizer_bg.wasm'));
  const unused = authorizer.unusedParts();
  const module = any ? general : moduleFor(general, text, unused);
  const entries = await bundleContents(root, config, module, { pinned, named: filesNamedIn(authorizer) });
  const { zip, packed } = await writeZip(entries, zopfli);
  const parts = [...packed].map(([name, bytes]) => {
    const content = entries.find((entry) => entry.name === name)?.content;
    return row(name, content?.length ?? 0, grouped(bytes));
  });
  const limit = OWN_LIMIT + (module.includes(PANICS_SAY) ? FOR_WORDS_OF_PANICS : 0);
  const own = [...packed].filter(([name]) => OWN_PARTS.test(name)).reduce((sum, [, bytes]) => sum + bytes, 0);
  const limits = [
    row('our own, for handler and module', limit, percent(own / limit)),
    ...LIMITS.map(({ name, bytes }) => row(name, bytes, percent(zip.length / bytes))),
  ];
  console.log(
    [
      '',
      row('part', 'bytes', 'packed'),
      ...parts,
      row('the zip', '', grouped(zip.length)),
      ...(any ? [] : ['', `made for ${config}, ${unused.length > 0 ? `without ${unused.join(', ')}` : 'which uses every part'}`]),
      '',
      row('limit', 'bytes', 'used'),
      ...limits,
    ].join('\n'),
  );
  // What takes any configuration is for tests, and goes nowhere.
  if (own > limit && !any) {
    throw new Error(`handler and module have ${own} bytes; at most ${limit} are allowed`);
  }
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, zip);
  const sha256 = createHash('sha256').update(zip).digest();
  // In base64 it is AWS Lambda's `CodeSha256`.
  console.log(`\nSHA-256 ${sha256.toString('hex')}\n        ${sha256.toString('base64')}`);
}

/** @param {import('../pkg/tooling/edge_authorizer.js').Authorizer} authorizer */
function filesNamedIn(authorizer) {
  return [...authorizer.secrets(), ...authorizer.pages()].flatMap(({ file }) => file ?? []);
}

/**
 * @param {string} name
 * @param {number | string} bytes
 * @param {string} last
 */
function row(name, bytes, last) {
  const middle = typeof bytes === 'number' ? grouped(bytes) : bytes;
  return `${name.padEnd(36)} ${middle.padStart(12)} ${last.padStart(12)}`;
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en-US');
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
