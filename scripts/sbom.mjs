// node scripts/sbom.mjs --zip ZIP --output FILE --rust VERSION [--features LIST]: the bill of materials of a zip, as CycloneDX
// 1.6 (https://cyclonedx.org/docs/1.6/json/): the files that are ours, the crates in the module, and Rust's library. Of the
// configuration and its files it says nothing. The same zip always gives the same bytes: there is no time in it.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { linkedCrates } from './linked-crates.mjs';
import { readZip } from './zip.mjs';

const OWN_PARTS = /^(?:index\.mjs$|lib\/|pkg\/)/;
const MODULE = /^pkg\/.*\.wasm(?:\.br)?$/;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { zip, output, rust, features } = parseArgs({
  options: {
    zip: { type: 'string' },
    output: { type: 'string' },
    rust: { type: 'string' },
    features: { type: 'string' },
  },
}).values;
if (zip === undefined || output === undefined || rust === undefined) {
  throw new Error('usage: node scripts/sbom.mjs --zip ZIP --output FILE --rust VERSION [--features LIST]');
}
writeFileSync(output, `${JSON.stringify(billOfMaterials(readFileSync(zip), rust, features), null, 2)}\n`);

/**
 * @param {Buffer} zip
 * @param {string} rust
 * @param {string} [features]
 */
function billOfMaterials(zip, rust, features) {
  const { version, license } = JSON.parse(readFileSync(`${root}/www-shim/package.json`, 'utf8'));
  const files = readZip(zip).filter(({ name }) => OWN_PARTS.test(name));
  const module = files.find(({ name }) => MODULE.test(name));
  if (module === undefined) throw new Error('the zip has no WebAssembly module');
  const crates = linkedCrates(root, features).map(crateComponent);
  const library = {
    ...{ type: 'library', 'bom-ref': `rust-std@${rust}`, name: 'std', version: rust, purl: `pkg:generic/rust-std@${rust}` },
    licenses: [{ expression: 'MIT OR Apache-2.0' }],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        ...{ type: 'application', 'bom-ref': 'edge-authorizer', name: 'edge-authorizer', version, hashes: hashesOf(zip) },
        licenses: [{ expression: license }],
      },
    },
    components: [...files.map(fileComponent), ...crates, library],
    dependencies: [
      { ref: 'edge-authorizer', dependsOn: files.map(({ name }) => name) },
      { ref: module.name, dependsOn: [...crates, library].map((component) => component['bom-ref']) },
    ],
  };
}

/** @param {import('./zip.mjs').ZipEntry} file */
function fileComponent({ name, content }) {
  return { type: 'file', 'bom-ref': name, name, hashes: hashesOf(content) };
}

/** @param {import('./linked-crates.mjs').Crate} crate */
function crateComponent({ name, version, license, sha256 }) {
  const purl = `pkg:cargo/${name}@${version}`;
  return {
    ...{ type: 'library', 'bom-ref': purl, name, version, purl },
    licenses: [{ expression: license.replaceAll('/', ' OR ') }],
    ...(sha256 === null ? {} : { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
  };
}

/** @param {Buffer} bytes */
function hashesOf(bytes) {
  return [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }];
}
