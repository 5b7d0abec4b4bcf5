import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { folderWith, run } from './support/cli.mjs';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** The blocks of JSON: first a configuration, then cases for it. */
const [CONFIGURATION, CASES] = [...README.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => text);

test('the configuration in the README has neither errors nor warnings', async (t) => {
  const path = folderWith(t, { 'authorizer.json': JSON.parse(String(CONFIGURATION)) });
  const { code, stdout } = await run('check', '--config', path('authorizer.json'), '--json');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { errors: [], warnings: [] });
});

test('the cases in the README are decided as they expect', async (t) => {
  const path = folderWith(t, {
    'authorizer.json': JSON.parse(String(CONFIGURATION)),
    'cases.jsonl': String(CASES),
  });
  const args = ['--config', path('authorizer.json'), '--cases', path('cases.jsonl')];
  const { code, stdout, stderr } = await run('explain', ...args);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(stdout.trim().split('\n').length, 3);
});

test('the README is neither too short nor too long to be read', () => {
  const lines = README.split('\n').length;
  assert.ok(lines >= 80 && lines <= 190, `${lines} lines`);
});
