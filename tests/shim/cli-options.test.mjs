import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nearest } from '../../www-shim/cli/nearest.mjs';
import { run, runProcess } from './support/cli.mjs';

/** @type {[string[], RegExp][]} */
const MISUSES = [
  [[], /a command is missing/],
  [['explian'], /unknown command `explian`; did you mean `explain`\?/],
  [['toString'], /unknown command `toString`/],
  [['unrelated'], /unknown command `unrelated`\n/],
  [['help', 'chekc'], /did you mean `check`\?/],
  [['check', '--confg', 'x'], /unknown option `--confg`; did you mean `--config`\?/],
  [['check', '--confg=x'], /unknown option `--confg`; did you mean `--config`\?/],
  [['check', '--zzzzzzzz'], /unknown option `--zzzzzzzz`\n/],
  [['check'], /option `--config FILE` is missing/],
  [['check', '--config'], /option `--config <value>` argument missing/],
  [['check', '--config', 'a', 'b'], /unexpected argument `b`/],
  [['check', '-x'], /unknown option `-x`/],
  [['check', '--json=yes', '--config', 'a'], /option `--json` does not take an argument/],
  [['explain', '--config', 'a'], /one of `--get`, `--event` and `--cases` is needed/],
  [['explain', '--event', 'a', '--cases', 'b'], /only one of `--get`, `--event` and `--cases` is possible/],
  [['explain', '--event', 'a', '--get', '/b'], /only one of `--get`, `--event` and `--cases` is possible/],
  [['explain', '--config', 'a', '--event', 'b', '--token', 'c'], /`--token` goes with `--get`/],
  [['explain', '--cases', 'b', '--browser'], /`--browser` goes with `--get`/],
  [['explain', '--get', '/a'], /option `--config FILE` is missing/],
  [['explain', '--event', 'a'], /option `--config FILE` is missing/],
  [['explain', '--cases', 'a', '--json'], /`--json` goes with `--event` and `--get`; `--cases` always/],
  [['explain', '--config', 'a', '--event', 'b', '--trace'], /`--trace` goes with `--json`/],
  [['explain', '--cases', 'a', '--now', 'today'], /`--now` takes a number, not `today`/],
  [['token'], /option `--key FILE` is missing/],
  [['token', '--key', 'a', '--claims', '[]'], /option `--claims` takes a JSON object/],
  [['token', '--key', 'a', '--claims', '{'], /option `--claims` takes a JSON object/],
  [['token', '--key', 'a', '--expires-in', ''], /`--expires-in` takes a number/],
  [['keygen', '--alg', 'none'], /algorithm `none` is not one of RS256/],
  [['serve', '--config', 'a', '--port', '70000'], /takes a number from 0 to 65535, not `70000`/],
  [['serve', '--config', 'a', '--port', '1.5'], /takes a number from 0 to 65535/],
];

for (const [args, message] of MISUSES) {
  test(`not understood: ${args.join(' ') || '(nothing)'}`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.match(stderr, /^edge-authorizer: /);
    assert.match(stderr, /run `edge-authorizer help/);
  });
}

test('help names every command, and each command its options', async () => {
  for (const args of [['help'], ['--help'], ['-h']]) {
    const { code, stdout } = await run(...args);
    assert.equal(code, 0);
    assert.match(stdout, /explain .*\n.*check .*\n.*serve .*\n.*pin .*\n.*needs .*\n.*keygen .*\n.*token /);
  }
  for (const args of [['help', 'check'], ['check', '--help'], ['check', '-h']]) {
    const { code, stdout } = await run(...args);
    assert.equal(code, 0);
    assert.match(stdout, /^check: .*--config FILE .*--json /s);
  }
});

test('help fits into a terminal', async () => {
  for (const command of ['', 'explain', 'check', 'serve', 'pin', 'needs', 'keygen', 'token', 'convert']) {
    const { stdout } = await run('help', ...(command ? [command] : []));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
  }
});

test('the version is that of the package', async () => {
  const file = new URL('../../www-shim/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(await run('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('the program passes its exit code on', async () => {
  assert.equal((await runProcess('--version')).code, 0);
  assert.equal((await runProcess('check', '--config', 'no-such-file')).code, 1);
  assert.equal((await runProcess('nonsense')).code, 2);
});

test('the nearest word is near', () => {
  assert.equal(nearest('chekc', ['check', 'explain']), 'check');
  assert.equal(nearest('explan', ['check', 'explain']), 'explain');
  assert.equal(nearest('x', ['check', 'explain']), null);
});
