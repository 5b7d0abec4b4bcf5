// www-shim/authorizer.schema.json, by which editors complete and check a configuration, against the reader, which decides:
// neither may know a key, a type or a value that the other does not.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { loadTooling } from '../../www-shim/cli/tooling.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

/** @typedef {{ place: string, message: string }} Problem */

const ROOT = new URL('../../', import.meta.url);
const SCHEMA = JSON.parse(readFileSync(new URL('www-shim/authorizer.schema.json', ROOT), 'utf8'));
const { default: Ajv } = createRequire(new URL('www-shim/package.json', ROOT))('ajv');
const { Authorizer } = loadTooling();

/** No object has a member of this name, nor one that is called nearly so. */
const UNKNOWN = '\u00b6\u00b6\u00b6';

/**
 * For each object in the schema: its place in a configuration, and a configuration with `members` there.
 *
 * @type {Record<string, [string, (members: object) => object]>}
 */
const OBJECTS = {
  '#': ['', (members) => ({ ...CONFIGURATION, ...members })],
  '#/properties/forward': ['forward', (members) => ({ ...CONFIGURATION, forward: members })],
  '#/properties/forward/properties/claimsHeader': [
    'forward.claimsHeader',
    (members) => ({ ...CONFIGURATION, forward: { claimsHeader: members } }),
  ],
  '#/properties/cors': ['cors', (members) => ({ ...CONFIGURATION, cors: members })],
  '#/properties/forward/properties/sign': [
    'forward.sign',
    (members) => ({ ...CONFIGURATION, forward: { sign: members } }),
  ],
  '#/properties/logSample': ['logSample', (members) => ({ ...CONFIGURATION, logSample: members })],
  '#/properties/dicomWeb': ['dicomWeb', (members) => ({ ...CONFIGURATION, dicomWeb: members })],
  '#/definitions/provider': ['providers.p', (members) => ({ ...CONFIGURATION, providers: { p: members } })],
  '#/definitions/secret': [
    'providers.p.secret',
    (members) => ({ ...CONFIGURATION, providers: { p: { issuer: 'i', audience: 'a', secret: members } } }),
  ],
  '#/definitions/tokenSource': ['token[0]', (members) => ({ ...CONFIGURATION, token: [members] })],
  '#/definitions/rule': ['rules[0]', (members) => ({ ...CONFIGURATION, rules: [members] })],
  '#/definitions/rule/properties/match': [
    'rules[0].match',
    (members) => ({ ...CONFIGURATION, rules: [{ match: members, allow: 'anyone' }] }),
  ],
  '#/definitions/rule/properties/respond': [
    'rules[0].respond',
    (members) => ({ ...CONFIGURATION, rules: [{ match: { path: '/a' }, allow: 'anyone', respond: members }] }),
  ],
  '#/definitions/signedCookies': ['signedCookies.s', (members) => ({ ...CONFIGURATION, signedCookies: { s: members } })],
  '#/definitions/signedCookies/properties/cookies': [
    'signedCookies.s.cookies',
    (members) => ({ ...CONFIGURATION, signedCookies: { s: { cookies: members } } }),
  ],
  '#/definitions/signIn': ['signIn', (members) => ({ ...CONFIGURATION, signIn: members })],
  '#/definitions/signIn/properties/cookieSettings': [
    'signIn.cookieSettings',
    (members) => ({ ...CONFIGURATION, signIn: { cookieSettings: members } }),
  ],
  '#/definitions/signInClient': [
    'providers.p.signIn',
    (members) => ({ ...CONFIGURATION, signIn: {}, providers: { p: { ...CONFIGURATION.providers.dev, signIn: members } } }),
  ],
  '#/definitions/upload': ['uploads.u', (members) => ({ ...CONFIGURATION, uploads: { u: members } })],
  '#/definitions/requirement': ['rules[0].requires', requiring],
  '#/definitions/requirement/properties/time': ['rules[0].requires.time', (members) => requiring({ time: members })],
};

/** A value of each type, and arrays of them. */
const SAMPLES = [null, true, 7, 1.5, 'x', {}, ['x'], [7], [null], [{}], [['x']], { x: 'x' }, { x: 7 }, { x: ['x'] }, { x: {} }];

/** What the reader says of a wrong type, or of a member of an object that it does not know. */
const ILLEGIBLE = /but has to be|unknown key|^a claim is compared with|^the key set has no array/;

/** @type {(requires: object) => object} */
function requiring(requires) {
  return { ...CONFIGURATION, rules: [{ match: { path: '/{u}' }, requires }] };
}

/** @type {(configuration: object) => Problem[]} */
function problemsOf(configuration) {
  return Authorizer.check(JSON.stringify(configuration)).errors;
}

/**
 * The objects in a schema that have members of their own.
 *
 * @param {any} schema
 * @param {string} pointer
 * @returns {[string, any][]}
 */
function objectsIn(schema, pointer = '#') {
  if (typeof schema !== 'object' || schema === null) return [];
  const below = Object.entries(schema).flatMap(([name, value]) => objectsIn(value, `${pointer}/${name}`));
  const isObject = schema.type === 'object' && schema.properties !== undefined;
  return isObject ? [[pointer, schema], ...below] : below;
}

/**
 * The schema with nothing in it but names and types.
 *
 * @param {any} schema
 * @returns {any}
 */
function onlyTypes(schema) {
  if (Array.isArray(schema)) return schema.map(onlyTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  const left = { ...schema };
  for (const name of ['enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'minProperties']) {
    delete left[name];
  }
  for (const name of ['required', 'anyOf', 'propertyNames', 'default', 'description']) delete left[name];
  if (left.properties !== undefined) delete left.oneOf;
  return Object.fromEntries(Object.entries(left).map(([name, value]) => [name, onlyTypes(value)]));
}

/** @returns {any} the types, with one that the reader knows by a member: a key set is what has `keys` */
function typesOfSchema() {
  const types = onlyTypes(SCHEMA);
  types.definitions.provider.properties.jwks.required = ['keys'];
  return types;
}

/**
 * What has to be beside a member, so that it is looked at.
 *
 * @param {string} pointer
 * @param {string} key
 * @returns {object}
 */
function companions(pointer, key) {
  if (pointer === '#/definitions/rule') return { match: { path: '/{u}' } };
  const goesWithClaim = ['as', 'equals', 'oneOf', 'contains', 'startsWith'].includes(key);
  return pointer === '#/definitions/requirement' && goesWithClaim ? { claim: 'c' } : {};
}

test('the schema is one, and has a probe for each object in it', () => {
  new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false }).compile(SCHEMA);
  assert.deepEqual(objectsIn(SCHEMA).map(([pointer]) => pointer).sort(), Object.keys(OBJECTS).sort());
});

for (const [pointer, schema] of objectsIn(SCHEMA)) {
  const [place, around] = OBJECTS[pointer] ?? ['', () => ({})];
  const at = (/** @type {string} */ key) => (place === '' ? key : `${place}.${key}`);

  test(`${place || 'the file'} has the keys that the reader knows`, () => {
    const unknown = problemsOf(around({ [UNKNOWN]: 1 })).find(({ message }) => message.startsWith('unknown key'));
    const known = [...(unknown?.message ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key);
    const hint = 'www-shim/authorizer.schema.json has other keys than the reader of the configuration';
    assert.deepEqual(Object.keys(schema.properties).sort(), known.sort(), hint);
  });

  test(`the types in ${place || 'the file'} are those that the reader takes`, () => {
    const validate = new Ajv({ allowUnionTypes: true, strict: false }).compile(typesOfSchema());
    let illegible = 0;
    for (const key of Object.keys(schema.properties).filter((name) => name !== '$schema')) {
      for (const sample of SAMPLES) {
        const configuration = around({ ...companions(pointer, key), [key]: sample });
        const takes = !problemsOf(configuration).some(
          ({ place: where, message }) => where.startsWith(at(key)) && ILLEGIBLE.test(message),
        );
        assert.equal(takes, validate(configuration), `${at(key)}: ${JSON.stringify(sample)}`);
        illegible += Number(!takes);
      }
    }
    assert.ok(illegible > 0);
  });

  test(`the values that ${place || 'the file'} may have are those that the reader takes`, () => {
    for (const [key, { enum: values, items }] of Object.entries(schema.properties)) {
      for (const value of values ?? (items?.enum ?? []).filter(isBuiltIn)) {
        const configuration = around({ [key]: values ? value : [value] });
        const problem = problemsOf(configuration).find(({ place: where }) => where === at(key));
        assert.equal(problem, undefined, JSON.stringify(value));
      }
      for (const wrong of values ?? items?.enum ?? []) {
        const configuration = around({ [key]: values ? `${wrong}x` : [`${wrong}x`] });
        assert.ok(problemsOf(configuration).some(({ place: where }) => where === at(key)), `${wrong}x`);
      }
    }
  });
}

/** ES512 is there in a module that was built with it. @type {(value: string) => boolean} */
function isBuiltIn(value) {
  return value !== 'ES512';
}

test('each example is valid, and says where its schema is', () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false }).compile(SCHEMA);
  const examples = new URL('examples/', ROOT);
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    const configuration = JSON.parse(readFileSync(new URL(`${name}/authorizer.json`, examples), 'utf8'));
    assert.ok(validate(configuration), `${name}: ${JSON.stringify(validate.errors, null, 1)}`);
    assert.equal(configuration.$schema, '../../www-shim/authorizer.schema.json', name);
  }
  assert.ok(folders.length > 0);
});

test('what is wrong to the reader, as far as a schema can say it, is wrong to the schema', () => {
  const validate = new Ajv({ allowUnionTypes: true, strictRequired: false }).compile(SCHEMA);
  assert.ok(validate(CONFIGURATION), JSON.stringify(validate.errors));
  for (const wrong of [
    {},
    { ...CONFIGURATION, rules: [] },
    { ...CONFIGURATION, rules: [{ match: { path: '/a' } }] },
    { ...CONFIGURATION, rules: [{ match: { path: 'a' }, allow: 'anyone' }] },
    { ...CONFIGURATION, token: [{ header: 'a', query: 'b' }] },
    { ...CONFIGURATION, dicomWeb: { roleArn: 'arn:aws:iam::1:role/a' } },
    requiring({}),
    requiring({ any: [] }),
    requiring({ claim: 'c', as: 'md4', equals: 'x' }),
    requiring({ scope: 'a b' }),
    requiring({ emailDomain: 'a@b.example' }),
    requiring({ time: { notAfter: 'soon' } }),
  ]) {
    assert.ok(!validate(wrong), JSON.stringify(wrong));
    assert.ok(problemsOf(wrong).length > 0, JSON.stringify(wrong));
  }
});
