// Whatever is wrong with a configuration: `check` says where and what would be right, and no zip is built from it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith, run } from './support/cli.mjs';
import { CONFIGURATION } from './support/viewer-event.mjs';

const BUNDLE = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
const TEXT = JSON.stringify(CONFIGURATION, null, 2);

/** @type {(change: (configuration: any) => void) => string} */
function changed(change) {
  const configuration = structuredClone(CONFIGURATION);
  change(configuration);
  return JSON.stringify(configuration, null, 2);
}

/** @type {(requires: unknown) => string} */
function requiring(requires) {
  return changed(({ rules }) => (rules[0] = { match: { path: '/{u}/{*rest}' }, requires }));
}

/** @type {[string, string, RegExp][]} */
const WRONG = [
  ['an empty file', '', /: the file is empty: a configuration is a JSON object/],
  ['no JSON', TEXT.slice(0, -2), /: not the JSON that a configuration is written in/],
  ['a comment', TEXT.replace('"rules"', '// who sees what\n"rules"'), /: it has no comments: take this one out/],
  ['a comma too many', TEXT.replace(/\n\}$/, ',\n}'), /: no comma stands before the end/],
  ['names in single quotes', TEXT.replace('"rules"', "'rules'"), /: strings and names stand in double quotes/],
  ['a list', '[]', /: this is an array, but has to be an object/],
  ['a key twice', TEXT.replace('{', '{ "rules": [],'), /: `rules` is named twice in one object/],
  ['a misspelt key', TEXT.replace('"rules"', '"ruels"'), /: ruels: unknown key: did you mean `rules`\?/],
  ['a wrong type', changed((whole) => (whole.rules = {})), /: rules: this is an object, but has to be an array/],
  ['no audience', changed(({ providers }) => delete providers.dev.audience), /: `audience` is missing: .* or `null`/],
  ['keys over http', changed(({ providers }) => (providers.dev.jwksUri = 'http://x.example/')), /dev\.jwksUri: .*https/],
  ['an unknown algorithm', changed(({ providers }) => (providers.dev.algorithms = ['RS265'])), /did you mean `RS256`\?/],
  ['an algorithm left out', changed(({ providers }) => (providers.dev.algorithms = ['ES512'])), /without `ES512`: .*--features es512/],
  ['several groups', requiring({ group: ['a', 'b'] }), /group: this is an array, but has to be a string: several go into `any`/],
  ['several values', requiring({ claim: 'a', equals: ['b'] }), /for one of several there is `oneOf`/],
  ['no page', changed((whole) => (whole.pages = { 401: './401.html' })), /pages\.401: cannot read `\.\/401\.html`, .*: there is no such file/],
  ['a rule for nobody', changed(({ rules }) => (rules[0] = { match: { path: '/' } })), /: rules\[0\]: who may pass\?/],
  ['a path with a wildcard', changed(({ rules }) => (rules[0].match.path = '/a/*')), /write `\{name\}` for one segment/],
  ['an encoded path', changed(({ rules }) => (rules[0].match.path = '/a%20b')), /compared with the decoded path/],
  ['an unknown method', changed(({ rules }) => (rules[0].match.methods = ['get'])), /unknown method `get`: .*`GET`/],
  ['an unknown capture', requiring({ claim: 'sub', equals: '{user}' }), /`\{user\}` is no capture .*: it has `\{u\}`/],
  ['an unknown transform', requiring({ claim: 'sub', as: 'md4', equals: '{u}' }), /no transform: there are .*`md5`/],
  ['an empty list', requiring({ any: [] }), /requires\.any: the list is empty: name at least one/],
  ['two conditions in one', requiring({ group: 'a', scope: 'b' }), /several go into `all`/],
  ['an unknown provider', requiring({ provider: 'dve' }), /no provider is called `dve`: did you mean `dev`\?/],
  ['no range of addresses', requiring({ clientIp: '10.0.0.0/40' }), /no range of addresses, as `192\.0\.2\.0\/24`/],
  ['no time', requiring({ time: { notAfter: 'soon' } }), /no point in time, as `2026-09-01T08:00:00Z`/],
  ['a header of CloudFront', changed((whole) => (whole.forward = { claimToHeaders: { via: 'sub' } })), /choose another name/],
  ['a token from nowhere', changed((whole) => (whole.token = [{}])), /token\[0\]: name one of `header`, `query` and `cookie`/],
  ['half an off switch', changed((whole) => (whole.authorization = 'OFF')), /authorization: .*it is `on` or `off`/],
];

for (const [title, text, message] of WRONG) {
  test(`threat 65: ${title}`, async (t) => {
    const path = folderWith(t, { 'authorizer.json': text });
    const { code, stdout } = await run('check', '--config', path('authorizer.json'));
    assert.equal(code, 1);
    assert.match(stdout, message);
    assert.match(stdout, /authorizer\.json:\d+:\d+: error: /);

    const zip = path('function.zip');
    const built = spawnSync(process.execPath, [BUNDLE, '--config', path('authorizer.json'), '--output', zip]);
    assert.equal(built.status, 1, String(built.stdout));
    assert.ok(!existsSync(zip), 'a zip all the same');
  });
}

test('the right one, which these were made of, has no error', async (t) => {
  const path = folderWith(t, { 'authorizer.json': TEXT });
  const { code, stdout } = await run('check', '--config', path('authorizer.json'), '--strict');
  assert.equal(code, 0, stdout);
});
