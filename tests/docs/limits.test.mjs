// docs/limits.md: each limit of ours is the constant that stands beside it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { documentOf, ROOT } from './support/documents.mjs';

const ROW = /^\| (.+?) \| (.+?) \| .+ \| \[`(\w+)`\]\(\.\.\/(\S+?)\) \|$/gm;
const ROWS = [...documentOf('docs/limits.md').text.matchAll(ROW)].map(([, what = '', limit = '', constant = '', file = '']) => {
  return { what, limit, constant, file };
});

/** The numbers that a constant is made of: products, differences and shifts of numbers, or a range. @type {(expression: string) => number[]} */
function numbersIn(expression) {
  return expression.split('..=').map((part) => {
    assert.match(part, /^[\d_.* ()<-]+$/, `\`${expression}\` is more than numbers`);
    const [, shifted, bits] = /^(\d+) << (\d+)$/.exec(part) ?? [];
    if (shifted && bits) return Number(shifted) * 2 ** Number(bits);
    const sum = part.split('-').map((product) => product.split('*').reduce((all, factor) => all * Number(factor.replaceAll('_', '')), 1));
    return sum.reduce((all, next) => all - next);
  });
}

for (const { what, limit, constant, file } of ROWS) {
  test(`the limit of ${what} is ${constant}`, () => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    const [, expression] = new RegExp(`^(?:pub(?:\\(\\w+\\))? |export )?const ${constant}(?:: [^=]+?)? = (.+?);`, 'm').exec(source) ?? [];
    assert.ok(expression, `${file} has no constant \`${constant}\``);
    const numbers = (limit.match(/\d[\d,]*/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
    const wanted = numbersIn(expression);
    assert.deepEqual(numbers.slice(0, wanted.length), wanted);
  });
}

test('there are limits', () => assert.ok(ROWS.length >= 30, `${ROWS.length}`));
