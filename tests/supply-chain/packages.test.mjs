import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { allows } from './support/licences.mjs';

const ROOT = new URL('../../', import.meta.url);
const NPM_LOCKS = ['www-shim', 'tests/differential', 'tests/browser', 'deploy/cdk', 'benches'];
const PYTHON_LOCKS = ['tests/differential', 'tests/deploy'];

/** @param {string} path */
function read(path) {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

for (const folder of NPM_LOCKS) {
  test(`npm packages of ${folder} have checksums and free licences, and name no registry`, () => {
    const lock = read(`${folder}/package-lock.json`);
    assert.doesNotMatch(lock, /"resolved"|https?:\/\/(?!github\.com|opencollective\.com|feross\.org|www\.|tidelift\.com|paulmillr\.com)\S*registry/);
    const packages = Object.entries(JSON.parse(lock).packages).filter(([path]) => path !== '');
    assert.ok(packages.length > 0);
    for (const [path, { integrity, license, inBundle }] of packages) {
      // What is in the tarball of another package is under that one's checksum.
      if (!inBundle) assert.match(String(integrity), /^sha512-/, path);
      assert.ok(allows(String(license)), `${path}: ${license}`);
    }
  });

  test(`${folder} says why it has each of its dependencies`, () => {
    const { dependencies = {}, devDependencies = {}, review } = JSON.parse(read(`${folder}/package.json`));
    const names = Object.keys({ ...dependencies, ...devDependencies }).sort();
    assert.deepEqual(Object.keys(review).filter((name) => name !== 'what').sort(), names);
    const versions = Object.values({ ...dependencies, ...devDependencies });
    assert.ok(versions.every((version) => /^\d+\.\d+\.\d+$/.test(String(version))), 'a version is not exact');
  });
}

test('nothing is installed with the npm package', () => {
  assert.equal(JSON.parse(read('www-shim/package.json')).dependencies, undefined);
});

for (const folder of PYTHON_LOCKS) {
  test(`Python packages of ${folder} have checksums`, () => {
    const requirements = read(`${folder}/requirements.txt`).split(/\n(?=\S)/).filter((text) => !text.startsWith('#'));
    assert.ok(requirements.length > 2);
    for (const text of requirements) assert.match(text, /^\S+==\S+ .*--hash=sha256:[0-9a-f]{64}/s);
  });
}
