// What takes time that depends on a secret cannot be measured reliably, and what a compiler makes of code that should not
// cannot be seen here. What can be seen is where codes are computed, and what compares them.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Files that may compute a message authentication code, and what is done with it. */
const CODES = {
  // jwt-compact compares by `subtle`, in the only function that compares.
  'crates/core/src/key/hmac.rs': /^\s+Algorithm::Hs\d+ => verify_with\(Hs\d+, &Hs\d+Key::new\(&self\.0\), signing_input, signature\),$/,
  // Signs, and compares nothing.
  'crates/aws/src/hash.rs': /^$/,
};

const COMPUTES_CODE = /\b(?:Hmac|SimpleHmac)\b|\bHs(?:256|384|512)Key\b|\bhmac::/;

/**
 * The sources of the modules that ship, without their tests.
 *
 * @param {string} folder
 * @returns {[string, string][]}
 */
function sources(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'tests' ? [] : sources(path);
    const [code] = readFileSync(join(ROOT, path), 'utf8').split(/^#\[cfg\((?:all\()?test\b.*\n+mod /m);
    return path.endsWith('.rs') ? [[path, code]] : [];
  });
}

const SOURCES = ['src', 'crates/core/src', 'crates/aws/src', 'crates/rsa/src'].flatMap(sources);

test('threat 60: codes are computed in known places', () => {
  const found = SOURCES.filter(([, code]) => COMPUTES_CODE.test(code)).map(([path]) => path);
  assert.deepEqual(found.sort(), Object.keys(CODES).sort(), 'say here what compares the new one, in constant time');
});

test('threat 60: what verifies a code hands it to what compares in constant time, and compares nothing itself', () => {
  const [, code] = SOURCES.find(([path]) => path.endsWith('key/hmac.rs')) ?? [];
  const body = /fn verify\(.*?\n    \}/s.exec(code ?? '')?.[0] ?? '';
  const arms = body.split('\n').filter((line) => line.includes('=>') && !line.includes('_ =>'));
  assert.equal(arms.length, 3);
  for (const arm of arms) assert.match(arm, CODES['crates/core/src/key/hmac.rs']);
  assert.doesNotMatch(body, /==|!=|\.eq\(|starts_with/);
});

test('threat 60: in the signer, nothing is compared with a code', () => {
  const [, code] = SOURCES.find(([path]) => path === 'crates/aws/src/hash.rs') ?? [];
  assert.ok(code);
  assert.doesNotMatch(code, /==|!=|\.eq\(/);
});
