import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { run } from './support/cli.mjs';
import { exampleFile } from './support/example.mjs';

const CONFIG = ['--config', exampleFile('authorizer.json')];

test('the example has no errors, and only the warning about its loopback keys', async () => {
  const { code, stdout } = await run('check', ...CONFIG);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /warning: .*loopback.*\n.*: no errors, 1 warning\n$/);
});

test('the pictures of the example are small PNG files', () => {
  const pictures = readdirSync(exampleFile('site'), { recursive: true }).filter((name) =>
    String(name).endsWith('.png'),
  );
  assert.equal(pictures.length, 6);
  for (const name of pictures) {
    const file = exampleFile(`site/${encodeURI(String(name))}`);
    assert.ok(statSync(file).size < 15_000, file);
    assert.equal(readFileSync(file).subarray(1, 4).toString(), 'PNG', file);
  }
});
