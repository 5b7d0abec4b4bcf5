import assert from 'node:assert/strict';
import { test } from 'node:test';

import { allows } from './support/licences.mjs';

for (const [expression, expected] of /** @type {[string, boolean][]} */ ([
  ['MIT', true],
  ['MIT/Apache-2.0', true],
  ['GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT', true],
  ['GPL-3.0-only AND MIT', false],
  ['(MIT OR Apache-2.0) AND Unicode-3.0', true],
  ['(MIT OR Apache-2.0) AND GPL-2.0-only', false],
  ['MIT OR GPL-2.0-only AND LGPL-2.1-only', true],
  ['Apache-2.0 WITH LLVM-exception OR GPL-2.0-only', true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', false],
  ['', false],
  ['MIT nonsense', false],
])) {
  test(`${expression || 'no licence'} is ${expected ? 'allowed' : 'not allowed'}`, () => {
    assert.equal(allows(expression), expected);
  });
}
