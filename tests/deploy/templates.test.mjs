import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { noTools, tool } from './support/tools.mjs';

const FOLDER = fileURLToPath(new URL('../../deploy/cloudformation/', import.meta.url));

test('cfn-lint finds nothing in the templates', { skip: noTools() }, () => {
  const files = readdirSync(FOLDER).map((name) => join(FOLDER, name));
  assert.ok(files.length > 0);
  const { status, stdout, stderr } = spawnSync(tool('cfn-lint'), ['--regions', 'us-east-1', '--', ...files], { encoding: 'utf8' });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});
