import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { generateKey, publicKeySet } from '../../www-shim/edge/development-keys.mjs';
import { tokenFor } from '../shim/support/tokens.mjs';
import { CONFIGURATION, NOW, viewerEvent } from '../shim/support/viewer-event.mjs';
import { installedPackage } from './support/installed.mjs';

const folder = installedPackage();
const installed = join(folder, 'node_modules/edge-authorizer');
const key = generateKey('RS256');
const { jwksUri: _, ...provider } = CONFIGURATION.providers.dev;
writeFileSync(
  join(folder, 'authorizer.json'),
  JSON.stringify({ ...CONFIGURATION, providers: { dev: { ...provider, jwks: publicKeySet(key) } } }),
);

const EVENTS = [
  viewerEvent('/public/logo.png'),
  viewerEvent('/users/alice/portrait.png'),
  viewerEvent('/users/alice/portrait.png', { headers: { Authorization: `Bearer ${tokenFor(key)}` } }),
  viewerEvent('/users/bob/portrait.png', { headers: { Authorization: `Bearer ${tokenFor(key)}` } }),
];

/** What follows the import of `createHandler`, in a program of either kind. */
const PROGRAM = `
const handler = createHandler({
  configText: require('node:fs').readFileSync('authorizer.json', 'utf8'),
  configFolder: process.cwd(),
  now: () => ${NOW + 1},
  write: () => {},
});
const events = ${JSON.stringify(EVENTS)};
Promise.all(events.map((event) => handler(event))).then((results) => {
  console.log(results.map(({ status, uri }) => status ?? uri).join(' '));
});
`;
const EXPECTED = '/public/logo.png 401 /users/alice/portrait.png 403\n';

/** @type {(file: string, ...args: string[]) => { status: number | null, stdout: string, stderr: string }} */
function runNode(file, ...args) {
  return spawnSync(process.execPath, [file, ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
}

/** @type {(name: string, text: string) => void} */
function assertDecides(name, text) {
  writeFileSync(join(folder, name), text);
  const { stdout, stderr } = runNode(name);
  assert.deepEqual({ stdout, stderr }, { stdout: EXPECTED, stderr: '' });
}

test('an ES module imports the handler', () => {
  const imports = "import { createHandler } from 'edge-authorizer';\nimport { createRequire } from 'node:module';\n";
  assertDecides('program.mjs', `${imports}const require = createRequire(import.meta.url);${PROGRAM}`);
});

test('a CommonJS module requires the handler', () => {
  assertDecides('program.cjs', `const { createHandler } = require('edge-authorizer');${PROGRAM}`);
});

test('the program in the README is a handler', () => {
  const program = /^```js\n(.*?)^```$/ms.exec(readFileSync(join(installed, 'README.md'), 'utf8'))?.[1] ?? assert.fail('no program');
  writeFileSync(join(folder, 'key-sets.json'), '{}');
  writeFileSync(join(folder, 'index.mjs'), program);
  writeFileSync(
    join(folder, 'calls.mjs'),
    `import { handler } from './index.mjs'; console.log('result', (await handler(${JSON.stringify(EVENTS[0])})).uri);`,
  );
  const { stdout, stderr } = runNode('calls.mjs');
  assert.match(stdout, /^result \/public\/logo\.png$/m);
  assert.equal(stderr, '');
});

test('the required handler is CommonJS all the way, so that it works where ES modules cannot be required', () => {
  const text = "require('edge-authorizer');console.log(Object.keys(require.cache).filter((n) => n.endsWith('.mjs')).length);";
  writeFileSync(join(folder, 'cache.cjs'), text);
  assert.equal(runNode('cache.cjs').stdout, '0\n');
});

test('the command works from the folder that npm links it into', () => {
  const command = join(folder, 'node_modules/.bin/edge-authorizer');
  const checked = runNode(command, 'check', '--config', 'authorizer.json');
  assert.deepEqual(checked, { ...checked, status: 0, stdout: 'authorizer.json: no errors, no warnings\n', stderr: '' });

  writeFileSync(join(folder, 'event.json'), JSON.stringify(EVENTS[1]));
  const explained = runNode(command, 'explain', '--config', 'authorizer.json', '--event', 'event.json', '--json');
  assert.equal(JSON.parse(explained.stdout).code, 'credentials_missing');

  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.equal(runNode(command, '--version').stdout, `${version}\n`);
});

test('nothing is installed with it, and nothing runs at installation', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const { dependencies, devDependencies, scripts, private: isPrivate } = manifest;
  assert.deepEqual([dependencies, devDependencies, scripts, isPrivate], Array(4).fill(undefined));
});

/** @type {(value: string | object) => string[]} */
function stringsIn(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(stringsIn);
}

test('every file that the manifest names is there', () => {
  const { bin, exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const names = stringsIn([bin, exports]);
  assert.ok(names.length > 4);
  assert.deepEqual(names.filter((name) => !existsSync(join(installed, name))), []);
});
