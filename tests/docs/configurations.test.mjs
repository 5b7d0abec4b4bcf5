// Each block of JSON in a document: a whole configuration has neither errors nor warnings; a part of one has only keys that the
// schema knows there; what is neither is on a list.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { run } from '../shim/support/cli.mjs';
import { documents, ROOT } from './support/documents.mjs';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'www-shim/authorizer.schema.json'), 'utf8'));
const { default: Ajv } = createRequire(join(ROOT, 'www-shim/package.json'))('ajv');
const ajv = new Ajv({ allowUnionTypes: true, strict: false });
ajv.addSchema(SCHEMA, 'authorizer');

/** What a block may be a part of: the file itself, and what has a name in the schema. */
const PARTS = ['properties/forward/properties/sign', 'definitions/rule', 'definitions/provider', 'definitions/requirement'];

/** JSON that is no configuration: a bucket's rules for CORS, the people of the local edge's provider. */
const NOT_OURS = new Map([
  ['examples/avatar-upload/README.md', [/"AllowedMethods"/]],
  ['docs/sign-in.md', [/"title": "Dana"/]],
]);

const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-docs-'));
after(() => rmSync(folder, { recursive: true }));
// What configurations name beside themselves.
for (const name of ['cookie-key', 'claims-secret', 'secret.txt', 'client-secret']) writeFileSync(join(folder, name), 'x'.repeat(64));

const BLOCKS = documents().flatMap(({ name, blocks }) => {
  return blocks.filter(({ language }) => language === 'json').map((block) => ({ ...block, place: `${name}:${block.line}`, name }));
});

/** @param {any} value */
const isWhole = (value) => typeof value === 'object' && 'providers' in value && 'rules' in value;

/** @param {any} value */
function isPart(value) {
  const required = (/** @type {any} */ { keyword }) => keyword === 'required' || keyword === 'anyOf';
  const fits = (/** @type {string} */ pointer) => {
    const validate = ajv.getSchema(`authorizer#/${pointer}`);
    return validate(value) || validate.errors.every(required);
  };
  return ['', ...PARTS].some(fits);
}

for (const { place, name, file, text } of BLOCKS.filter(({ file }) => !file?.endsWith('.jsonl'))) {
  if (NOT_OURS.get(name)?.some((pattern) => pattern.test(text))) continue;
  const value = JSON.parse(text);
  if (isWhole(value)) {
    test(`the configuration at ${place} has neither errors nor warnings`, async () => {
      writeFileSync(join(folder, 'authorizer.json'), text);
      const { stdout } = await run('check', '--config', join(folder, 'authorizer.json'), '--json');
      const { errors, warnings } = JSON.parse(stdout);
      const expected = text.includes('http://127.0.0.1') ? warnings : [];
      assert.deepEqual({ errors, warnings }, { errors: [], warnings: expected });
    });
  } else if (file === undefined) {
    test(`the part of a configuration at ${place} is one`, () => assert.ok(isPart(value), text));
  }
}

test('there are configurations in the documents', () => {
  assert.ok(BLOCKS.filter(({ text, file }) => !file?.endsWith('.jsonl') && text.includes('"providers"')).length >= 3);
});
