import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { writeZip } from '../../scripts/zip.mjs';
import { CONFIGURATION } from '../shim/support/viewer-event.mjs';

const MAIN = fileURLToPath(new URL('../../deploy/publish/main.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-publish-'));
after(() => rmSync(folder, { recursive: true }));

// An `aws` that does nothing but leave a trace.
const TRACE = join(folder, 'was-run');
writeFileSync(join(folder, 'aws'), `#!/bin/sh\ntouch '${TRACE}'\nexit 1\n`);
chmodSync(join(folder, 'aws'), 0o755);

/** @type {(...args: string[]) => { status: number | null, stdout: string, stderr: string }} */
function run(...args) {
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env });
}

/**
 * @param {object} configuration
 * @param {object} [bundled] what is in the zip instead
 * @returns {Promise<string[]>}
 */
async function bundle(configuration, bundled = configuration) {
  const [config, zip] = [join(folder, 'authorizer.json'), join(folder, 'a.zip')];
  writeFileSync(config, JSON.stringify(configuration));
  const entry = { name: 'authorizer.json', content: Buffer.from(JSON.stringify(bundled)) };
  writeFileSync(zip, (await writeZip([entry])).zip);
  return ['--config', config, '--zip', zip];
}

/** @param {string} stdout */
function commandsIn(stdout) {
  return stdout.split('\n').flatMap((line) => /^aws (\S+ \S+)/.exec(line)?.[1] ?? []);
}

test('a dry run shows every command and runs none', async () => {
  const { status, stdout, stderr } = run('publish', ...(await bundle(CONFIGURATION)), '--distribution', 'E1', '--dry-run');
  assert.deepEqual([status, stderr, existsSync(TRACE)], [0, '', false]);
  assert.deepEqual(commandsIn(stdout), [
    'sts get-caller-identity',
    'iam get-role',
    'iam create-role',
    'iam put-role-policy',
    'lambda get-function-configuration',
    'lambda create-function',
    'lambda publish-version',
    'cloudfront get-distribution-config',
    'cloudfront update-distribution',
    'cloudfront get-distribution',
  ]);
  assert.match(stdout, /behaviors that call it: all that there are, except/);
  assert.match(stdout, /to be asked: \S+ without a token, which has to be answered with 40[13]$/m);
});

test('a dry run takes the behaviors that are named to be there', async () => {
  const options = [...(await bundle(CONFIGURATION)), '--distribution', 'E1', '--behavior', '/beta/*', '--behavior', 'default'];
  const { status, stdout, stderr } = run('publish', ...options, '--dry-run');
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /behaviors that call it: default, \/beta\/\*/);
});

test('a dry run of a rollback invents no version', () => {
  const { status, stdout, stderr } = run('rollback', '--distribution', 'E1', '--dry-run');
  assert.deepEqual([status, stderr, existsSync(TRACE)], [0, '', false]);
  assert.match(stdout, /^==> distribution E1: from the version that it calls to the one before$/m);
  assert.match(stdout, /^ {4}behaviors that call it: those that do now$/m);
  assert.doesNotMatch(stdout, /version \d/);
  assert.deepEqual(commandsIn(stdout), [
    'lambda get-function-configuration',
    'cloudfront get-distribution-config',
    'lambda list-versions-by-function',
    'cloudfront get-distribution-config',
    'cloudfront update-distribution',
    'cloudfront get-distribution',
  ]);
  assert.match(run('rollback', '--distribution', 'E1', '--to', '7', '--dry-run').stdout, /from the version that it calls to version 7$/m);
});

test('memory and timeout are those that Lambda@Edge has always allowed, unless others are named that it allows', async () => {
  const bundled = await bundle(CONFIGURATION);
  const dryRun = (/** @type {string[]} */ ...options) => run('publish', ...bundled, ...options, '--dry-run');
  const usual = dryRun();
  assert.match(usual.stdout, /^aws lambda create-function .* --memory-size 128 --timeout 5 /m);
  assert.doesNotMatch(usual.stdout, /warning/);
  for (const [memory, timeout] of [['129', '5'], ['128', '6'], ['10240', '30']]) {
    const { status, stdout } = dryRun('--memory', String(memory), '--timeout', String(timeout));
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^aws lambda create-function .* --memory-size ${memory} --timeout ${timeout} `, 'm'));
    assert.match(stdout, /warning: viewer-request had 128 MB and 5 seconds at most until 2023/);
  }
  for (const [options, message] of /** @type {[string[], RegExp][]} */ ([
    [['--memory', '127'], /`--memory 127`: Lambda has from 128 to 10240 megabytes/],
    [['--memory', '10241'], /`--memory 10241`: Lambda has from 128 to 10240 megabytes/],
    [['--memory', '1 GB'], /`--memory` takes a whole number, not `1 GB`/],
    [['--timeout', '4'], /`--timeout 4`: from 5 to 30 seconds are possible/],
    [['--timeout', '31'], /`--timeout 31`: from 5 to 30 seconds are possible/],
  ])) {
    const { status, stdout, stderr } = dryRun(...options);
    assert.deepEqual([status, stdout], [2, ''], String(options));
    assert.match(stderr, message);
    // So does `./build.sh publish`, before there is a zip.
    const before = run('options-of-publish', ...options);
    assert.deepEqual([before.status, before.stdout, before.stderr], [2, '', stderr]);
  }
});

test('a dry run of the way back shows its order: association, function, role', () => {
  const { status, stdout } = run('unpublish', '--distribution', 'E1', '--unguarded', '--dry-run');
  assert.deepEqual([status, existsSync(TRACE)], [0, false]);
  const changes = commandsIn(stdout).filter((command) => !/ (get|list)-/.test(command));
  assert.deepEqual(changes, [
    'cloudfront update-distribution',
    'lambda delete-function',
    'iam delete-role-policy',
    'iam delete-role',
  ]);
});

test('a dry run of the way back says whether nobody is answered then, or everybody', () => {
  for (const [option, what] of [
    ['--disable', 'Enabled false'],
    ['--unguarded', 'stays enabled, OPEN TO EVERYBODY'],
  ]) {
    const { status, stdout } = run('unpublish', '--distribution', 'E1', String(option), '--dry-run');
    assert.equal(status, 0);
    assert.ok(stdout.includes(`\n# distribution.json: ${what}; no behavior calls the function\n`), stdout);
    assert.match(stdout, /^ {4}behaviors that call it: to be read from the distribution$/m);
    assert.doesNotMatch(stdout, /behaviors that called it/);
  }
});

test('a configuration that lets everybody pass is published only where that is said', async () => {
  const options = [...(await bundle({ ...CONFIGURATION, authorization: 'off' })), '--dry-run'];
  const { status, stdout, stderr } = run('publish', ...options);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /`"authorization": "off"`.*`--allow-authorization-off`/);
  assert.equal(run('publish', ...options, '--allow-authorization-off').status, 0);
});

test('a zip with another configuration is not published', async () => {
  const { status, stderr } = run('publish', ...(await bundle(CONFIGURATION, { ...CONFIGURATION, logLevel: 'debug' })), '--dry-run');
  assert.equal(status, 1);
  assert.match(stderr, /holds another configuration/);
});

test('a configuration that `check` finds wrong is not published', async () => {
  const { status, stderr } = run('publish', ...(await bundle({ ...CONFIGURATION, rulez: [] })), '--dry-run');
  assert.equal(status, 1);
  assert.match(stderr, /authorizer\.json:1:\d+: error: .*`rules`/);
});

test('the log of each Region may be written, and nothing else', async () => {
  const { stdout } = run('publish', ...(await bundle(CONFIGURATION)), '--dry-run');
  const policy = JSON.parse(/^# policy\.json: (.*)$/m.exec(stdout)?.[1] ?? assert.fail(stdout));
  assert.equal(policy.Statement.length, 1);
  assert.ok(policy.Statement[0].Action.every((/** @type {string} */ action) => action.startsWith('logs:')));
});

test('an option or a command that there is not is said', () => {
  assert.match(run('publsh').stderr, /unknown command `publsh`/);
  assert.match(run('publish', '--config', 'c', '--zip', 'z', '--distributon', 'E1').stderr, /^publish: unknown option `--distributon`$/m);
  assert.match(run('rollback').stderr, /`--distribution` is missing/);
  assert.match(run('rollback', '--distribution', 'E1', '--to', 'one').stderr, /whole number, not `one`/);
  for (const args of [['publsh'], ['rollback'], ['rollback', '--distribution', 'E1', '--memory', '1'], ['options-of-publish', '--memroy', '1']]) {
    assert.equal(run(...args).status, 2, args.join(' '));
  }
  assert.equal(run('options-of-publish', '--memory', '256', '--dry-run', '--distribution', 'E1').status, 0);
});

test('a missing AWS CLI is said', async () => {
  const options = await bundle(CONFIGURATION);
  const env = { ...process.env, PATH: folder };
  rmSync(join(folder, 'aws'));
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'publish', ...options], { encoding: 'utf8', env });
  assert.equal(status, 1);
  assert.match(stderr, /the AWS CLI is needed/);
  assert.ok(readFileSync(options[1] ?? '').length > 0);
});

for (const document of ['README.md', 'docs/deploying.md']) {
  test(`the commands in ${document} are understood`, async () => {
    const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
    const lines = [...text.matchAll(/^\.\/build\.sh ((?:publish|rollback|unpublish) [^#\n]*)/gm)];
    assert.ok(lines.length > 3);
    const bundled = await bundle(CONFIGURATION);
    for (const [, line = ''] of lines) {
      const [command = '', ...words] = line.trim().split(/\s+/);
      const options = words.join(' ').replace('--config authorizer.json', bundled.join(' ')).split(' ');
      const { status, stderr } = run(command, ...options, '--dry-run');
      assert.deepEqual([status, stderr], [0, ''], line);
    }
  });
}
