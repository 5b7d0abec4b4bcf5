import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';

import { readZip } from '../../scripts/zip.mjs';

const ZIP = process.env.EDGE_AUTHORIZER_TEST_ZIP;
if (!ZIP) throw new Error('EDGE_AUTHORIZER_TEST_ZIP names no zip; `./build.sh test` sets it');
const zip = readFileSync(ZIP);
const text = readFileSync(ZIP.replace(/\.zip$/, '.cdx.json'), 'utf8');
const bill = JSON.parse(text);

/** @param {Buffer} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

test('it is a bill of this very zip', () => {
  assert.deepEqual([bill.bomFormat, bill.specVersion], ['CycloneDX', '1.6']);
  assert.deepEqual(bill.metadata.component.hashes, [{ alg: 'SHA-256', content: sha256(zip) }]);
});

test('every file of ours in the zip is in it, and none of the configuration', () => {
  const expected = readZip(zip)
    .filter(({ name }) => /^(?:index\.mjs$|lib\/|pkg\/)/.test(name))
    .map(({ name, content }) => [name, sha256(content)]);
  const files = bill.components.filter((/** @type {any} */ { type }) => type === 'file');
  assert.deepEqual(files.map((/** @type {any} */ { name, hashes }) => [name, hashes[0].content]), expected);
  assert.doesNotMatch(text, /authorizer\.json/);
});

test('what decides is in it with its licence and checksum', () => {
  const library = (/** @type {string} */ name) => bill.components.find((/** @type {any} */ one) => one.name === name);
  for (const name of ['jwt-compact', 'p256', 'ed25519-dalek', 'serde-wasm-bindgen', 'wasm-bindgen']) {
    const { purl, licenses, hashes } = library(name) ?? assert.fail(`${name} is missing`);
    assert.match(purl, new RegExp(`^pkg:cargo/${name}@\\d+\\.`));
    assert.ok(licenses[0].expression.length > 2);
    assert.match(hashes[0].content, /^[0-9a-f]{64}$/);
  }
  assert.equal(library('edge-authorizer-core').hashes, undefined);
  assert.ok(library('std').version);
});

test('everything that something depends on is in it, once', () => {
  const references = bill.components.map((/** @type {any} */ component) => component['bom-ref']);
  assert.equal(new Set(references).size, references.length);
  const needed = bill.dependencies.flatMap((/** @type {any} */ { dependsOn }) => dependsOn);
  assert.deepEqual(needed.filter((/** @type {string} */ reference) => !references.includes(reference)), []);
});

test('nothing in the zip tells of the machine that it was built on', () => {
  for (const { name, content: packed } of readZip(zip)) {
    const content = name.endsWith('.br') ? brotliDecompressSync(packed) : packed;
    for (const path of [process.env.HOME, process.cwd(), process.env.CARGO_HOME]) {
      if (path && path.length > 4) assert.ok(!content.includes(`${path}/`), `${name} holds \`${path}/\``);
    }
  }
});
