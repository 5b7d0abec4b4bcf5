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
