import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { numberedTests, rowsWithTests } from '../../scripts/threats.mjs';

const ROWS = rowsWithTests(readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8'));
const TESTS = numberedTests();
const NUMBERS = Array.from({ length: 67 }, (_, index) => index + 1);

test('the table of threats has each row once, and no test has a number beyond it', () => {
  assert.deepEqual(ROWS.map(({ row }) => row), NUMBERS);
  assert.deepEqual(TESTS.filter(({ row }) => !NUMBERS.includes(row)), []);
});

test('each test that the table of threats names is there', () => {
  for (const { row, names } of ROWS) {
    for (const name of names) {
      const found = TESTS.some((numbered) => numbered.row === row && numbered.name === name);
      assert.ok(found, `${name}: \`node scripts/threats.mjs --write\` brings the table up to date`);
    }
  }
});

for (const { row, names } of ROWS) {
  test(`row ${row} of the table of threats has a test`, () => {
    assert.notEqual(names.length, 0);
  });
}
