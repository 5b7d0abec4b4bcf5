// The module that is made for one configuration: it has that from the start, and no code that it has no use for.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { PACKED_MODULE, packed } from '../../scripts/module/loader.mjs';
import { moduleFor, unoptimisedModuleFor } from '../../scripts/module/for-configuration.mjs';
import { withPartsMarked, withoutParts } from '../../scripts/module/parts.mjs';
import { preparedModule } from '../../scripts/module/prepare.mjs';
import { withShortNames } from '../../scripts/module/short-names.mjs';
import { WasmFile } from '../../scripts/module/wasm-file.mjs';
import { loadTooling } from '../../www-shim/cli/tooling.mjs';
import { generateKey } from '../../www-shim/edge/development-keys.mjs';
import { runInFreshProcess } from './support/fresh-process.mjs';
import { startKeyServer } from './support/key-server.mjs';
import { configurationFor } from './support/shipped-handler.mjs';
import { tokenFor } from './support/tokens.mjs';
import { CONFIGURATION, viewerEvent } from './support/viewer-event.mjs';
import { unpackedZip, zipFolderWith } from './support/zip-folder.mjs';

const GENERAL = brotliDecompressSync(readFileSync(join(unpackedZip(), PACKED_MODULE)));
const TEXT = JSON.stringify(CONFIGURATION);
const PARTS = JSON.parse(String(new WasmFile(GENERAL).custom('edge-authorizer parts')));

/** As in a zip. @param {unknown} configuration */
function made(configuration) {
  const text = JSON.stringify(configuration);
  return moduleFor(GENERAL, text, unusedParts(text));
}

/** The same, but for the optimiser, which takes its time. @param {unknown} configuration */
function madeQuickly(configuration) {
  const text = JSON.stringify(configuration);
  return unoptimisedModuleFor(GENERAL, text, unusedParts(text));
}

/** @param {string} text */
function unusedParts(text) {
  return new (loadTooling().Authorizer)(text).unusedParts();
}

/** @param {Buffer} module */
function exportsOf(module) {
  return new WasmFile(module).exports.map(({ name }) => name);
}

/** `CONFIGURATION` with keys at this address, for tokens of one algorithm. @type {(jwksUri: string, algorithm: string) => any} */
function configurationOf(jwksUri, algorithm) {
  const { providers, ...others } = configurationFor(jwksUri);
  return { ...others, providers: { dev: { ...providers.dev, algorithms: [algorithm] } } };
}

/**
 * A copy of the zip with a module that was made for this configuration.
 *
 * @param {import('node:test').TestContext} t
 * @param {unknown} configuration
 * @param {Buffer} module
 */
function zipMadeFor(t, configuration, module) {
  const folder = zipFolderWith(t, configuration);
  writeFileSync(join(folder, PACKED_MODULE), packed(module));
  return folder;
}

test('with a module made for one kind of keys a set with all kinds of them is no harm', async (t) => {
  const keys = ['RS256', 'ES256', 'ES384', 'EdDSA'].map((algorithm) => generateKey(algorithm));
  const server = await startKeyServer(t, { keys });
  for (const key of keys) {
    const configuration = configurationOf(server.url, key.alg);
    const folder = zipMadeFor(t, configuration, key.alg === 'RS256' ? made(configuration) : madeQuickly(configuration));
    const now = Math.floor(Date.now() / 1000);
    const view = (/** @type {import('../../www-shim/edge/development-keys.mjs').DevelopmentKey} */ by) => {
      const token = tokenFor(by, 'alice', { iat: now, exp: now + 3600 });
      return viewerEvent('/users/alice/a', { headers: { Authorization: `Bearer ${token}` } });
    };
    const others = keys.filter((other) => other !== key);
    const events = [...others, key, ...others].map(view);
    const { results, stderr } = await runInFreshProcess(t, folder, events);
    const statuses = results.map(({ status }) => Number(status ?? 200));
    assert.deepEqual([stderr, statuses], ['', [401, 401, 401, 200, 401, 401, 401]], key.alg);
  }
});

test('what claims and paths are transformed by is there without any part that hashes, too', async (t) => {
  const key = generateKey('ES256');
  const server = await startKeyServer(t, { keys: [key] });
  const named = Object.entries({
    sha256: '2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90',
    md5: '6384e2b2184bcbf58eccf10ca7a6563c',
    upper: 'ALICE',
    lower: 'alice',
  });
  const rules = named.map(([as]) => ({ match: { path: `/${as}/{of}` }, requires: { claim: 'sub', as, equals: '{of}' } }));
  const configuration = { ...configurationOf(server.url, 'ES256'), rules };
  const now = Math.floor(Date.now() / 1000);
  const token = tokenFor(key, 'alice', { iat: now, exp: now + 3600 });
  const headers = { Authorization: `Bearer ${token}` };
  const events = named.flatMap(([as, of]) => [of, 'other'].map((of) => viewerEvent(`/${as}/${of}`, { headers })));
  const { results } = await runInFreshProcess(t, zipMadeFor(t, configuration, madeQuickly(configuration)), events);
  assert.deepEqual(results.map(({ status }) => Number(status ?? 200)), named.flatMap(() => [200, 403]));
});

test('it takes no other configuration than the one it was made with', async (t) => {
  const open = { ...CONFIGURATION, rules: [{ name: 'all', match: { path: '/{*rest}' }, allow: 'anyone' }] };
  for (const other of [`${TEXT} `, JSON.stringify(open), '']) {
    const folder = zipMadeFor(t, CONFIGURATION, madeQuickly(CONFIGURATION));
    writeFileSync(join(folder, 'authorizer.json'), other);
    const { results, log } = await runInFreshProcess(t, folder, [viewerEvent('/public/logo.png'), viewerEvent('/users/alice/a')]);
    assert.deepEqual(results.map(({ status }) => status), ['503', '503']);
    assert.match(log.last('cannot start').detail, /^not the configuration that the module was made with/);
  }
});

test('the code that reads configurations is not in it, and what was read on the way neither', () => {
  const marker = 'a-text-that-only-the-configuration-has';
  const before = madeQuickly({ ...CONFIGURATION, $schema: `./${marker}.json` });
  assert.equal(before.includes(marker), false);
  assert.ok(before.includes('/users/'), 'what it decides by is there');
  const names = exportsOf(before);
  assert.ok(exportsOf(GENERAL).includes('authorizer_new'));
  assert.deepEqual(names.filter((name) => /_new$|_prepare$/.test(name)), []);
  assert.ok(made(CONFIGURATION).length < 0.85 * GENERAL.length);
});

test('the same configuration makes the same module', () => {
  assert.ok(madeQuickly(CONFIGURATION).equals(madeQuickly(CONFIGURATION)));
});

test('what is no configuration makes none', () => {
  for (const text of ['', '{}', JSON.stringify({ ...CONFIGURATION, ruls: [] })]) {
    assert.throws(() => preparedModule(GENERAL, text), /`edge-authorizer check` says why/);
  }
});

test('each instance has the configuration once', async () => {
  const folder = unpackedZip();
  const { loadModule } = await import(pathToFileURL(join(folder, 'lib/handler.mjs')).href);
  const { Authorizer } = loadModule();
  assert.equal(Authorizer.isPrepared(), false);
  assert.throws(() => Authorizer.prepared(TEXT), /there is no configuration/);
  assert.equal(Authorizer.prepare(TEXT), true);
  assert.equal(Authorizer.isPrepared(), true);
  Authorizer.prepared(TEXT);
  assert.equal(Authorizer.isPrepared(), false);
  assert.throws(() => Authorizer.prepared(TEXT), /there is no configuration/);
});

test('a module that asks its host something while it reads the configuration is none for a zip', () => {
  // Its import stands for any: `unreachable` would be no less wrong, but would not be told.
  const file = new WasmFile(GENERAL);
  const [imported] = file.exports.filter(({ name }) => name === '__wbindgen_start');
  file.exports = [...file.exports.filter(({ name }) => name !== 'authorizer_prepare'), { ...imported, name: 'authorizer_prepare' }];
  assert.throws(() => preparedModule(file.bytes, TEXT), /asks its host for `i\w+`/);
});

test('what it imports has short names, in its JavaScript, too', () => {
  const file = new WasmFile(GENERAL);
  const [first, ...others] = file.imports;
  assert.ok(first !== undefined && others.every(({ name }) => !name.startsWith('__wb')));
  file.imports = [{ ...first, name: '__wbg_read_0123456789abcdef' }, ...others];
  const member = (/** @type {string} */ name) => `        ${name}: function(arg0) {\n`;
  const named = withShortNames(file.bytes, member('__wbg_read_0123456789abcdef') + member('other'));
  assert.equal(named.glue, member('i0') + member('other'));
  assert.deepEqual(new WasmFile(named.module).imports, [{ ...first, name: 'i0' }, ...others]);
  assert.throws(() => withShortNames(file.bytes, member('other')), /has no `__wbg_read_0123456789abcdef`: another version/);
});

test('all parts have code, each its own', () => {
  const expected = ['eddsa', 'endpoints', 'es256', 'es384', 'origin-signing', 'reading', 'rsa', 'sign-in'];
  const found = Object.entries(PARTS).filter(([, indices]) => indices.length > 0).map(([part]) => part);
  assert.deepEqual(found.filter((part) => part !== 'es512').sort(), expected);
  const all = Object.values(PARTS).flat();
  assert.equal(new Set(all).size, all.length);
});

test('a part that nobody knows, or that has lost its code, is not left out silently', () => {
  assert.throws(() => withoutParts(GENERAL, ['es265']), /no function belongs to `es265`/);
  const file = new WasmFile(GENERAL);
  file.setCustom({ 'edge-authorizer parts': Buffer.from('{"rsa":[]}') });
  assert.throws(() => withoutParts(file.bytes, ['rsa']), /no function belongs to `rsa`/);
  file.setCustom({});
  assert.throws(() => withoutParts(file.bytes, ['rsa']), /does not tell its parts/);
  assert.throws(() => withPartsMarked(file.bytes), /have no names/);
});

test('each part that is left out makes the module smaller', () => {
  for (const part of Object.keys(PARTS).filter((part) => PARTS[part].length > 0)) {
    assert.ok(withoutParts(GENERAL, [part]).length < GENERAL.length - 200, part);
  }
});
