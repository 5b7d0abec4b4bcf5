// The crates that are compiled into the WebAssembly module, and those alone: not what only builds or tests use.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, version: string, license: string, sha256: string | null }} Crate `sha256` of the package on crates.io; null for our own */

/**
 * @param {string} root the project's folder
 * @param {string} [features] besides the default ones
 * @returns {Crate[]} sorted by name
 */
export function linkedCrates(root, features = '') {
  const args = ['tree', '--locked', '--package', 'edge-authorizer', '--target', 'wasm32-unknown-unknown'];
  const form = ['--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}|{l}', '--features', features];
  const lines = execFileSync('cargo', [...args, ...form], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  // What was shown before has ` (*)` at its end.
  const distinct = new Set(lines.map((line) => line.replace(/ \(\*\)$/, '')));
  const checksums = checksumsOf(readFileSync(join(root, 'Cargo.lock'), 'utf8'));
  return [...distinct].sort().map((line) => {
    const [, name = '', version = '', license = ''] = /^(\S+) v(\S+)[^|]*\|(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`\`cargo tree\` says what cannot be read: ${line}`);
    return { name, version, license, sha256: checksums.get(`${name} ${version}`) ?? null };
  });
}

/**
 * @param {string} lock the text of Cargo.lock
 * @returns {Map<string, string>} SHA-256 by `name version`
 */
function checksumsOf(lock) {
  const packages = lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\n(?:source = .+\n)?checksum = "(.+)"$/gm);
  return new Map([...packages].map(([, name, version, checksum]) => [`${name} ${version}`, String(checksum)]));
}
