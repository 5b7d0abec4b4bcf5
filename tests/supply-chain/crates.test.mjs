// What `cargo deny check` would look at, as far as that can be done without a network. Advisories cannot: whoever wants them
// runs `cargo audit` or `cargo deny check advisories`, which fetch their database.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { linkedCrates } from '../../scripts/linked-crates.mjs';
import { allows } from './support/licences.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const linked = linkedCrates(ROOT);

/** Crates that are in the module twice, and why. */
const TWICE = {
  reason: 'jwt-compact and ed25519-dalek are of an earlier generation of RustCrypto than p256 and p384',
  names: ['block-buffer', 'crypto-common', 'digest', 'hmac', 'rand_core', 'sha2', 'signature'],
};

/** @type {any} */
const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--locked', '--format-version', '1', '--all-features'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  }),
);

for (const file of ['Cargo.lock', 'benches/rust/Cargo.lock', 'fuzz/Cargo.lock']) {
  test(`every crate in ${file} comes from crates.io with a checksum, or is our own`, () => {
    const packages = readFileSync(`${ROOT}${file}`, 'utf8').split('\n[[package]]\n').slice(1);
    assert.ok(packages.length > 20);
    for (const text of packages) {
      const name = /^name = "(.+)"/m.exec(text)?.[1];
      const source = /^source = "(.+)"/m.exec(text)?.[1];
      if (source === undefined) assert.match(String(name), /^edge-authorizer(-\w+)*$/);
      else assert.equal(source, 'registry+https://github.com/rust-lang/crates.io-index', name);
      assert.equal(/^checksum = "[0-9a-f]{64}"$/m.test(text), source !== undefined, name);
    }
  });
}

test('every crate may be used under a licence that asks for no more than its notice', () => {
  assert.ok(metadata.packages.length > 50);
  const others = metadata.packages.filter((/** @type {any} */ { license }) => !allows(license ?? ''));
  assert.deepEqual(others.map((/** @type {any} */ { name, license }) => [name, license]), []);
});

test('the rsa crate, whose private keys leak by time (RUSTSEC-2023-0071), is for tests only', () => {
  assert.ok(metadata.packages.some((/** @type {any} */ { name }) => name === 'rsa'));
  assert.ok(!linked.some(({ name }) => name === 'rsa'));
});

test('no crate is in the module in two versions, except where that is known', () => {
  const names = linked.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  assert.deepEqual([...twice].filter((name) => !TWICE.names.includes(name)), [], TWICE.reason);
});
