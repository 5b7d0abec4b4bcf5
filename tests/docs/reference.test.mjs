// docs/reference.md is what the schema says, and the pages about the configuration leave no key out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { referenceOf } from '../../scripts/reference.mjs';
import { documentOf, ROOT } from './support/documents.mjs';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'www-shim/authorizer.schema.json'), 'utf8'));

/** The objects with keys of their own in a schema. @type {(schema: any) => Record<string, any>[]} */
function objectsIn(schema) {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsIn);
  return schema.properties && !schema.properties.type ? [schema.properties, ...inner] : inner;
}

test('the reference is made from the schema as it is', () => {
  assert.equal(documentOf('docs/reference.md').text, referenceOf(SCHEMA), '`node scripts/reference.mjs --write` mends that');
});

test('each key is in the reference, with a meaning, and on a page that explains it', () => {
  const reference = documentOf('docs/reference.md').text;
  const pages = documentOf('docs/configuration.md').text + documentOf('docs/sign-in.md').text;
  const keys = objectsIn(SCHEMA).flatMap((properties) => Object.entries(properties));
  assert.ok(keys.length > 100, `${keys.length} keys`);
  for (const [key, { description }] of keys) {
    assert.ok(description?.length > 10, `${key} has no description`);
    assert.ok(reference.includes(`| \`${key}\` |`), `${key} is not in the reference`);
    assert.match(pages, new RegExp(`[\`"., ]${key.replace('$', '\\$')}[\`"]`), `${key} is explained nowhere`);
  }
});

/** The rows of tables about keys: `| \`key\` | meaning | if left out |`. @param {string} text */
function rowsOf(text) {
  return [...text.matchAll(/^\| `(\w+)`[^|]* \| (.+) \| ([^|]*) \|$/gm)].map(([, key = '', meaning = '', leftOut = '']) => ({ key, meaning, leftOut }));
}

test('bounds and defaults on the pages about the configuration are those of the schema', () => {
  const number = (/** @type {string} */ text) => Number(text.replaceAll(',', ''));
  let [bounds, defaults] = [0, 0];
  for (const page of ['docs/configuration.md', 'docs/sign-in.md']) {
    for (const { key, meaning, leftOut } of rowsOf(documentOf(page).text)) {
      const schemas = objectsIn(SCHEMA).flatMap((properties) => (Object.hasOwn(properties, key) ? [properties[key]] : []));
      const [, low, high] = /\b(\d[\d,]*) to (\d[\d,]*\d)/.exec(meaning) ?? [];
      if (low && high) {
        const wanted = [number(low), number(high)];
        assert.ok(schemas.some(({ minimum, maximum }) => minimum === wanted[0] && maximum === wanted[1]), `${page}: ${key}: ${wanted}`);
        bounds += 1;
      }
      const [literal] = /^(?:`[^`]+`|[\d,]+)$/.exec(leftOut) ?? [];
      if (!literal || schemas.every((schema) => schema.default === undefined)) continue;
      const plain = literal.replaceAll('`', '');
      const value = /^[\d,]+$/.test(plain) ? number(plain) : /^[["tf]/.test(plain) ? JSON.parse(plain) : plain;
      assert.ok(schemas.some((schema) => JSON.stringify(schema.default) === JSON.stringify(value)), `${page}: ${key}: ${plain}`);
      defaults += 1;
    }
  }
  assert.ok(bounds >= 8 && defaults >= 15, `${bounds} bounds, ${defaults} defaults`);
});
