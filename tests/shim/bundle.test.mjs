import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bundleContents } from '../../scripts/bundle-contents.mjs';
import { writeZip } from '../../scripts/zip.mjs';

/** The lines of wasm-bindgen that are looked for. */
const GLUE = [
  'const { read } = require(String.raw`./snippets/s-0/boundary.js`);',
  'exports.read = read;',
  'const import1 = require("./snippets/s-0/boundary.js");',
  'const wasmPath = `${__dirname}/edge_authorizer_bg.wasm`;',
  "const wasmBytes = require('fs').readFileSync(wasmPath);",
  'const wasmModule = new WebAssembly.Module(wasmBytes);',
  'exports.instance = new WebAssembly.Instance(wasmModule, import1);',
];
const PROJECT = {
  'www-shim/index.mjs': "import { a } from './lib/a.mjs';\nexport const handler = a;\n",
  'www-shim/lib/a.mjs': "import fs from 'node:fs';\nexport {\n  b as a,\n} from './b.mjs';\n",
  'www-shim/lib/b.mjs': "export { loadModule as b } from './wasm.mjs';\n",
  'www-shim/lib/wasm.mjs': "export const loadModule = 'as it is in the repository';\n",
  'www-shim/lib/for-the-cli.mjs': 'export const c = 1;\n',
  'pkg/edge_authorizer.js': GLUE.join('\n'),
  'pkg/snippets/s-0/boundary.js': "exports.read = () => 'across';\n",
  'pkg/package.json': '{}',
  'own/authorizer.json': '{ "providers": {} }',
};
const ALWAYS = [
  'authorizer.json',
  'index.mjs',
  'lib/a.mjs',
  'pkg/edge_authorizer_bg.wasm',
];
/** The smallest module there is. */
const MODULE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
/** One that DEFLATE leaves large: with a custom section of 128 KB that nothing packs. */
const LARGE_MODULE = Buffer.concat([MODULE, Buffer.from([0, 0x80, 0x80, 8, 0]), noise(131_071)]);

/** @param {number} bytes as good as random, and the same each time */
function noise(bytes) {
  const hash = (/** @type {number} */ number) => createHash('sha256').update(String(number)).digest();
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / 32) }, (_, number) => hash(number))).subarray(0, bytes);
}

/**
 * What would be in the zip of a small project.
 *
 * @param {import('node:test').TestContext} context
 * @param {Record<string, string>} [changes] files by their path
 * @param {{ prepare?: (root: string) => void, pinned?: string, named?: string[], module?: Buffer }} [more] the file with key
 *   sets, and those that the configuration names
 */
async function bundle(context, changes = {}, { prepare, pinned, named, module = MODULE } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'bundle-'));
  context.after(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries({ ...PROJECT, ...changes })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  prepare?.(root);
  const more = { pinned: pinned && join(root, pinned), named };
  const entries = await bundleContents(root, join(root, 'own/authorizer.json'), module, more);
  const { packed } = await writeZip(entries);
  return { names: [...packed.keys()], entries };
}

/** @type {(...args: Parameters<typeof bundle>) => Promise<string[]>} */
async function bundled(...args) {
  return (await bundle(...args)).names;
}

test('the zip has what the handler imports, the module and the configuration', async (context) => {
  assert.deepEqual(await bundled(context), ALWAYS);
});

test('imports in comments are not followed, and what calls import becomes a part of the one module', async (context) => {
  const names = await bundled(context, {
    'www-shim/lib/b.mjs': [
      "/** @typedef {import('./gone.d.ts').Gone} Gone */",
      '/**',
      " * @param {import('./gone.mjs').Gone} gone",
      ' */',
      "const cast = /** @type {import('../../pkg/gone.js')} */ (globalThis);",
      "// import('./gone.mjs')",
      "export { loadModule } from './wasm.mjs';",
      "export const b = () => import('./for-the-cli.mjs');",
    ].join('\n'),
  });
  assert.deepEqual(names, ALWAYS);
});

test('the handler imports one module, which all others are bundled with', async (context) => {
  const change = { 'www-shim/index.mjs': "import './lib/a.mjs';\nimport './lib/b.mjs';\n" };
  await assert.rejects(bundled(context, change), /`index\.mjs` is to import one module/);
});

test('a package cannot be imported, since there is none in the zip', async (context) => {
  const change = { 'www-shim/lib/b.mjs': "import 'left-pad';\n" };
  await assert.rejects(bundled(context, change), /`lib\/b\.mjs` imports `left-pad`/);
});

for (const [how, module, name] of /** @type {const} */ ([
  ['as it is', MODULE, 'pkg/edge_authorizer_bg.wasm'],
  ['in brotli where it is large', LARGE_MODULE, 'pkg/edge_authorizer_bg.wasm.br'],
])) {
  test(`the zip has the module ${how}, and the handler compiles it once for all its instances`, async (context) => {
    const { entries, names } = await bundle(context, {}, { module });
    assert.deepEqual(names.filter((entry) => entry.startsWith('pkg/')), [name]);
    const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
    context.after(() => rmSync(folder, { recursive: true }));
    for (const { name, content } of entries) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
      // What a cold start loads for nothing, it waits for.
      if (name.endsWith('.mjs')) assert.equal(content.includes('zlib'), name.startsWith('lib/') && module === LARGE_MODULE);
    }
    const { handler: loadModule } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
    const [one, other] = [loadModule(), loadModule()];
    assert.equal(one.read(), 'across');
    assert.notEqual(one.instance, other.instance);
    rmSync(join(folder, 'pkg'), { recursive: true });
    assert.ok(loadModule().instance);
  });
}

test('a loader that is not as expected is not bundled', async (context) => {
  for (const [line, other] of [
    [4, "const wasmBytes = fs.readFileSync('elsewhere');"],
    [1, "const os = require('os');"],
    [2, 'const import1 = require("./snippets/s-0/other.js");'],
  ]) {
    const glue = GLUE.with(Number(line), String(other)).join('\n');
    await assert.rejects(bundled(context, { 'pkg/edge_authorizer.js': glue }), /is not what wasm-bindgen writes/);
  }
});

test('files that the configuration names are in the zip by the same name', async (context) => {
  const change = { 'own/keys/secret': 'x', 'own/other': 'x' };
  const named = ['./keys/secret', './keys/secret'];
  assert.deepEqual(await bundled(context, change, { named }), [...ALWAYS, 'keys/secret'].sort());
});

for (const file of ['../outside', '/outside', 'keys/../../outside']) {
  test(`a file outside the configuration's folder is refused: ${file}`, async (context) => {
    await assert.rejects(bundled(context, { outside: 'x' }, { named: [file] }), /plain relative path/);
  });
}

test("a link out of the configuration's folder is refused", async (context) => {
  const prepare = (/** @type {string} */ root) => symlinkSync('../outside', join(root, 'own/link'));
  await assert.rejects(
    bundled(context, { outside: 'x' }, { prepare, named: ['./link'] }),
    /`\.\/link` is a link out of the configuration's folder/,
  );
});

test('a file of the configuration cannot replace a file of the handler', async (context) => {
  await assert.rejects(bundled(context, { 'own/index.mjs': 'x' }, { named: ['index.mjs'] }), /`index\.mjs` would be in the zip twice/);
});

const ZIP_FOLDER = process.env.EDGE_AUTHORIZER_ZIP_FOLDER;

test('the unpacked zip holds nothing that is not needed', { skip: !ZIP_FOLDER }, () => {
  const names = readdirSync(String(ZIP_FOLDER), { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(String(ZIP_FOLDER), name)).isFile(),
  );
  const isOwn = (/** @type {string} */ name) => /^lib\/[a-z-]+\.mjs$/.test(name);
  // Its module is for any configuration, and large.
  const expected = ALWAYS.map((name) => name.replace(/\.wasm$/, '.wasm.br'));
  const unknown = names.filter((name) => !expected.includes(name) && !isOwn(name));
  assert.deepEqual(unknown, []);
  for (const name of expected.filter((name) => !name.startsWith('lib/'))) {
    assert.ok(names.includes(name), `${name} is missing`);
  }
});

test('pinned key sets are in the zip where there are any', async (context) => {
  const names = (/** @type {string} */ pinned) =>
    bundled(context, { 'pinned.json': pinned }, { pinned: 'pinned.json' });
  assert.deepEqual(await names('{"dev":{"jwks":{"keys":[]}}}'), [...ALWAYS, 'key-sets.json'].sort());
  assert.deepEqual(await names('{}\n'), ALWAYS);
});
