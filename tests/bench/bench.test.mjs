import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../benches/main.mjs', import.meta.url));
const { EDGE_AUTHORIZER_ZIP: zip, EDGE_AUTHORIZER_EVERYTHING_ZIP: everything, EDGE_AUTHORIZER_ZIP_FOLDER: zipFolder } = process.env;

test('a tiny run of the benchmark prints and writes every table; how fast anything is does not matter', (t) => {
  assert.ok(zip && everything && zipFolder, 'EDGE_AUTHORIZER_ZIP and its like name the zips; `./build.sh test` sets them');
  const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const json = join(folder, 'figures.json');
  const run = spawnSync(process.execPath, [PROGRAM, '--zip', zip, '--everything-zip', everything, '--zip-folder', zipFolder, '--tiny', '--json', json], {
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stderr, '');

  const { machine, mode, sections, goals } = JSON.parse(readFileSync(json, 'utf8'));
  assert.equal(machine.node, process.version);
  assert.equal(mode, 'tiny');
  const begins = [
    'a repeated token',
    'a token never seen, RS256',
    'a session in cookies',
    'Signature Version 4',
    'signed cookies',
    'a presigned URL',
    'RSA-2048 verification',
    'cold start',
    'memory',
    'sizes',
    'scaling: rules',
    'scaling: keys',
    'scaling: providers',
    'instructions',
  ];
  for (const begin of begins) {
    const section = sections.find((/** @type {any} */ { title }) => title.startsWith(begin));
    assert.ok(section?.rows.length > 0, begin);
    assert.ok(run.stdout.includes(section.title), begin);
    for (const { name, microseconds, ratio, text } of section.rows) {
      assert.ok(run.stdout.includes(name), name);
      assert.ok(text !== undefined || (microseconds > 0 && ratio > 0), `${begin}: ${name}`);
    }
  }
  for (const name of ['edge-authorizer', 'aws-jwt-verify', 'fast-jwt', 'jsonwebtoken', 'jose']) {
    assert.ok(sections[0].rows.some((/** @type {any} */ row) => row.name === name), name);
  }
  assert.ok(goals.length >= 8, `${goals.length} goals`);
  for (const { what, goal, measured, verdict } of goals) {
    assert.ok(what !== '' && goal !== '' && measured !== '');
    assert.match(verdict, /^(?:met|missed)$/);
    assert.ok(run.stdout.includes(what), what);
  }
});
