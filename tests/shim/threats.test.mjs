import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { numberedTests, rowNumbers, withTests } from '../../scripts/threats.mjs';

const DOCUMENT = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const TESTS = numberedTests();
const ROWS = Array.from({ length: 66 }, (_, index) => index + 1);

test('the table of threats names the tests that there are', () => {
  assert.equal(DOCUMENT, withTests(DOCUMENT, TESTS), 'mend it with `node scripts/threats.mjs --write`');
});

test('the table has each row once', () => {
  assert.deepEqual(rowNumbers(DOCUMENT), ROWS);
});

test('no test has the number of a row that there is not', () => {
  assert.deepEqual(TESTS.filter(({ row }) => !ROWS.includes(row)), []);
});

for (const row of ROWS) {
  test(`row ${row} of the table of threats has a test`, () => {
    assert.ok(TESTS.some((numbered) => numbered.row === row));
  });
}
