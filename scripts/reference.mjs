// node scripts/reference.mjs [--write]: docs/reference.md, every key of a configuration, made from
// www-shim/authorizer.schema.json. Without `--write` it fails where the document says something else than the schema.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCHEMA = join(ROOT, 'www-shim/authorizer.schema.json');
const DOCUMENT = join(ROOT, 'docs/reference.md');

const INTRODUCTION = `# Reference: every key of \`authorizer.json\`

Made from [www-shim/authorizer.schema.json](../www-shim/authorizer.schema.json) by \`node scripts/reference.mjs --write\`: change it
there. What the keys mean together is said in [configuration.md](configuration.md) and [sign-in.md](sign-in.md). An unknown key is an
error, and so is one that is missing where the table says "required". Which keys need or exclude one another, only
\`edge-authorizer check\` knows.
`;

/** Objects that stand in several places, by the name of their definition: where, as a heading has it. */
const PLACES = {
  provider: '`providers.NAME`',
  tokenSource: 'A token source, in `token` and `rules[].token`',
  rule: '`rules[]`',
  requirement: 'A condition, in `rules[].requires`',
  secret: 'A secret, by reference',
  signedCookies: '`signedCookies.NAME`',
  upload: '`uploads.NAME`',
  signIn: '`signIn`',
  signInClient: '`providers.NAME.signIn`',
};

/** What stands for the others. */
const NAMES = { tokenSources: 'list of [token sources](#a-token-source-in-token-and-rulestoken)', claimName: 'string or list of strings' };
/** What an object is called where it is meant. */
const CALLED = { provider: 'provider', tokenSource: 'token source', rule: 'rules', requirement: 'condition', secret: 'secret, by reference' };

/** How a description ends that says what comes of leaving a key out, where that is no value. */
const LEFT_OUT = / Left out: (.*?)\.?$/;

/** @typedef {any} Schema */

/**
 * @param {Schema} schema
 * @returns {string} the whole document
 */
export function referenceOf(schema) {
  const sections = [['The file', schema], ...objectsIn(schema.properties, '')];
  for (const [name, place] of Object.entries(PLACES)) {
    const definition = schema.definitions[name];
    if (!definition) throw new Error(`the schema has no definition \`${name}\``);
    sections.push([place, definition], ...objectsIn(definition.properties, place.startsWith('`') ? `${place.slice(1, -1)}.` : ''));
  }
  return INTRODUCTION + sections.map(([heading, object]) => sectionOf(heading, object)).join('');
}

/**
 * Objects with keys of their own, below these.
 *
 * @param {Record<string, Schema>} properties
 * @param {string} before what leads to them
 * @returns {[heading: string, object: Schema][]}
 */
function objectsIn(properties, before) {
  return Object.entries(properties).flatMap(([key, { properties: inner, ...object }]) => {
    if (!inner) return [];
    const place = `${before}${key}`;
    return [[`\`${place}\``, { ...object, properties: inner }], ...objectsIn(inner, `${place}.`)];
  });
}

/** @type {(heading: string, object: Schema) => string} */
function sectionOf(heading, { description = '', properties, required = [] }) {
  const rows = Object.entries(properties).map(([key, schema]) => {
    const [, leftOut = ''] = LEFT_OUT.exec(schema.description) ?? [];
    const without = required.includes(key) ? 'required' : defaultOf(schema) || cell(leftOut);
    return `| \`${key}\` | ${typeOf(schema)} | ${without} | ${cell(schema.description.replace(LEFT_OUT, ''))} |\n`;
  });
  return `\n## ${heading}\n\n${cell(description.replace(LEFT_OUT, ''))}\n\n| key | type | if left out | meaning |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

/** @param {string} text where no markup is meant */
function cell(text) {
  return text.replace(/([\\|*_<>[\]])/g, '\\$1');
}

/** @param {Schema} schema */
function defaultOf(schema) {
  return schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
}

/**
 * @param {Schema} schema
 * @returns {string} a type with its limits
 */
function typeOf(schema) {
  const { $ref, oneOf, enum: values, type, items, properties, additionalProperties } = schema;
  if ($ref) return nameOf($ref.split('/').at(-1));
  if (oneOf) return oneOf.map(typeOf).join(' or ');
  if (values) return values.map((/** @type {unknown} */ value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (Array.isArray(type)) return type.join(' or ');
  if (type === 'array') return `list of ${items.type === 'string' && !items.enum ? 'strings' : typeOf(items)}`;
  if (type === 'object' && properties) return 'object';
  if (type === 'object' && additionalProperties) return `by name: ${typeOf(additionalProperties)}`;
  return `${type ?? 'anything'}${limitsOf(schema)}`;
}

/** @param {Schema} schema */
function limitsOf({ minimum, maximum }) {
  const number = (/** @type {number} */ value) => value.toLocaleString('en');
  if (minimum !== undefined && maximum !== undefined) return `, ${number(minimum)} to ${number(maximum)}`;
  return minimum === undefined ? '' : `, ${number(minimum)} or more`;
}

/** @param {string} definition */
function nameOf(definition) {
  const find = (/** @type {Record<string, string>} */ names) => Object.entries(names).find(([name]) => name === definition)?.[1];
  const [name, place] = [find(NAMES), find(PLACES)];
  if (name) return name;
  if (!place) throw new Error(`\`${definition}\` has no place in the reference`);
  const anchor = place.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-');
  return `[${find(CALLED) ?? 'object'}](#${anchor})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const now = referenceOf(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  if (process.argv.includes('--write')) {
    writeFileSync(DOCUMENT, now);
  } else if (readFileSync(DOCUMENT, 'utf8') !== now) {
    console.error('docs/reference.md says something else than the schema: `node scripts/reference.mjs --write` mends that');
    process.exitCode = 1;
  }
}
