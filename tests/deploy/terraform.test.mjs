// What can be checked without the provider's plugin, which only Terraform's own registry hands out: that the files can be
// parsed, are formatted, and name nothing that there is not. `terraform validate` would check the provider's arguments as well.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { settingsOf } from '../../deploy/publish/settings.mjs';
import { distributionNeeds } from '../../www-shim/cli/distribution-needs.mjs';
import { CONFIGURATION } from '../shim/support/viewer-event.mjs';
import { noTools, tool } from './support/tools.mjs';

const MODULE = fileURLToPath(new URL('../../deploy/terraform', import.meta.url));
const EXAMPLE = join(MODULE, 'example');
const DASHBOARD = join(MODULE, 'dashboard');
const FILES = [MODULE, EXAMPLE, DASHBOARD].flatMap((folder) =>
  readdirSync(folder).flatMap((name) => (name.endsWith('.tf') ? [join(folder, name)] : [])),
);

/** Files of a folder as one text, without comments. @param {string} folder */
function textOf(folder) {
  const files = FILES.filter((file) => dirname(file) === folder);
  return files.map((file) => readFileSync(file, 'utf8').replace(/^\s*#.*$/gm, '')).join('\n');
}

/** @type {(text: string, pattern: RegExp) => string[]} what the pattern's groups found, sorted, each once */
function namesIn(text, pattern) {
  return [...new Set([...text.matchAll(pattern)].map((match) => match.slice(1).filter(Boolean).join('.')))].sort();
}

test('every file can be parsed', { skip: noTools() }, () => {
  assert.ok(FILES.length > 5);
  for (const file of FILES) {
    const { status, stdout, stderr } = spawnSync(tool('hcl2tojson'), [file], { encoding: 'utf8' });
    assert.equal(status, 0, `${file}: ${stderr}`);
    assert.ok(Object.keys(JSON.parse(stdout)).length > 0);
  }
});

test('every file is formatted', () => {
  for (const file of FILES) {
    let depth = 0;
    for (const [index, line] of readFileSync(file, 'utf8').trimEnd().split('\n').entries()) {
      const place = `${file}:${index + 1}`;
      assert.doesNotMatch(line, /\t|\s$/, `${place}: tabs, or space at the end`);
      const code = line.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/#.*/, '');
      const closed = /^\s*([\])}]*)/.exec(code)?.[1]?.length ?? 0;
      if (line !== '' && closed > 0) assert.equal(line.search(/\S/), 2 * (depth - 1), `${place}: indentation`);
      else if (line !== '') assert.equal(line.search(/\S/), 2 * depth, `${place}: indentation`);
      const opens = (code.match(/[[({]/g) ?? []).length - (code.match(/[\])}]/g) ?? []).length;
      depth += Math.sign(opens);
    }
    assert.equal(depth, 0, file);
  }
});

const hasTerraform = spawnSync('terraform', ['version']).status === 0;

test('terraform itself finds them formatted', { skip: hasTerraform ? false : 'there is no terraform' }, () => {
  const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' };
  const { status, stdout } = spawnSync('terraform', ['fmt', '-check', '-recursive', MODULE], { encoding: 'utf8', env });
  assert.deepEqual([status, stdout], [0, '']);
});

for (const [what, folder] of [
  ['module', MODULE],
  ['dashboard', DASHBOARD],
]) {
  test(`every variable of the ${what} is declared and used, and so is every local value`, () => {
    const text = textOf(String(folder));
    assert.deepEqual(namesIn(text, /\bvar\.(\w+)/g), namesIn(text, /^variable "(\w+)"/gm));
    const locals = /^locals \{\n(.*?)^\}/ms.exec(text)?.[1] ?? '';
    assert.deepEqual(namesIn(text, /\blocal\.(\w+)/g), namesIn(locals, /^  (\w+) +=/gm));
  });
}

for (const [what, folder] of [
  ['module', MODULE],
  ['example', EXAMPLE],
]) {
  test(`the ${what} names no resource that there is not`, () => {
    const text = textOf(String(folder));
    const declared = namesIn(text, /^(data|resource) "(\w+)" "(\w+)"/gm).map((name) => name.replace(/^resource\./, ''));
    const named = namesIn(text, /(?<![\w."])(data\.)?(aws_\w+)\.(\w+)/g).map((name) => name.replace('..', '.'));
    assert.ok(named.length > 3);
    assert.deepEqual(named.filter((name) => !declared.includes(name)), []);
  });
}

test('the example takes outputs and sets variables that the modules have', () => {
  const [module, dashboard, example] = [textOf(MODULE), textOf(DASHBOARD), textOf(EXAMPLE)];
  const outputs = namesIn(module, /^output "(\w+)"/gm);
  assert.deepEqual(namesIn(example, /\bmodule\.authorizer\.(\w+)/g), outputs);
  for (const [name, text] of [['authorizer', module], ['dashboard', dashboard]]) {
    const block = new RegExp(`^module "${name}" \\{\\n(.*?)^\\}`, 'ms').exec(example)?.[1] ?? assert.fail(name);
    const set = namesIn(block, /^  (\w+) +=/gm).filter((variable) => variable !== 'source');
    const variables = namesIn(String(text), /^variable "(\w+)"/gm);
    assert.deepEqual(set.filter((variable) => !variables.includes(variable)), []);
  }
});

test('the README shows outputs that the module has, sets variables that it has, and has them all in its table', () => {
  const [module, readme] = [textOf(MODULE), readFileSync(join(MODULE, 'README.md'), 'utf8')];
  assert.deepEqual(namesIn(readme, /\bmodule\.authorizer\.(\w+)/g), namesIn(module, /^output "(\w+)"/gm));
  const variables = namesIn(module, /^variable "(\w+)"/gm);
  assert.deepEqual(namesIn(readme, /^\| `(\w+)` \|/gm), variables);
  const block = /^module "authorizer" \{\n(.*?)^\}/ms.exec(readme)?.[1] ?? assert.fail('no module');
  const set = namesIn(block, /^  (\w+) +=/gm).filter((variable) => !['source', 'providers'].includes(variable));
  assert.deepEqual(set.filter((variable) => !variables.includes(variable)), []);
});

test('the dashboards are JSON once the names are filled in, and name nothing else', () => {
  const variables = { function_name: 'guard', distribution_id: 'E1' };
  for (const name of ['log', 'metrics']) {
    const template = readFileSync(join(DASHBOARD, `${name}.json.tftpl`), 'utf8');
    assert.deepEqual(namesIn(template, /(?<!\$)\$\{(\w+)\}/g), Object.keys(variables).sort());
    const filled = Object.entries(variables).reduce((text, [known, value]) => text.replaceAll(`\${${known}}`, value), template);
    const { widgets } = JSON.parse(filled.replaceAll('$${', '${'));
    assert.ok(widgets.length > 6);
    assert.match(filled, /us-east-1\.guard/);
    assert.match(filled, /"DistributionId","E1"/);
  }
});

test('the module reads what `edge-authorizer needs` prints', () => {
  const needs = distributionNeeds(CONFIGURATION);
  const read = namesIn(textOf(MODULE), /\blocal\.needs\.(\w+)/g);
  assert.ok(read.length > 5);
  assert.deepEqual(read.filter((name) => !(name in needs)), []);
  const keys = namesIn(textOf(MODULE), /\blocal\.cache_key\.(\w+)/g);
  assert.deepEqual(keys, Object.keys(needs.cacheKey).sort());
});

test('the function stays within what Lambda@Edge always allowed, and is called by a numbered version', () => {
  const text = textOf(MODULE);
  assert.match(text, /^  publish = true$/m);
  const defaultOf = (/** @type {string} */ name) => new RegExp(`^variable "${name}" \\{[^}]*?^  default +=\\s(\\d+)$`, 'm').exec(text)?.[1];
  assert.deepEqual(['memory_size', 'timeout'].map(defaultOf), ['128', '5']);
  assert.doesNotMatch(text, /^ +(environment|layers|vpc_config)\b/m);
});

test('Terraform, CDK and `publish` allow the same memory and time', () => {
  const limitsIn = (/** @type {string} */ text, /** @type {RegExp} */ pattern) => namesIn(text.replaceAll('_', ''), pattern);
  const cdk = readFileSync(new URL('../../deploy/cdk/lib/edge-function.ts', import.meta.url), 'utf8');
  const limits = ['128.10240', '5.30'];
  assert.deepEqual(limitsIn(cdk, /least: (\d+), most: (\d+)/g), limits);
  assert.deepEqual(limitsIn(textOf(MODULE), /var\.\w+ >= (\d+) && var\.\w+ <= (\d+)/g), limits);
  const allowed = (/** @type {object} */ wanted) => assert.doesNotThrow(() => settingsOf(wanted));
  const refused = (/** @type {object} */ wanted) => assert.throws(() => settingsOf(wanted), /from \d+ to \d+/);
  for (const memory of [128, 10_240]) allowed({ memory });
  for (const memory of [127, 10_241]) refused({ memory });
  for (const timeout of [5, 30]) allowed({ timeout });
  for (const timeout of [4, 31]) refused({ timeout });
});
