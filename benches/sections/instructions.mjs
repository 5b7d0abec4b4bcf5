// Instructions instead of times, which are noisy: of the native build, counted by callgrind.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GENERIC, configurationText } from '../material/configurations.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessTokens } from '../material/tokens.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

const TOKENS = 60;
const FEWER = 20;
const MANY = 4_000;

/**
 * @param {Bench} bench
 * @returns {Promise<import('../report/rows.mjs').Section>}
 */
export async function instructions({ decisions, folder, effort }) {
  const title = 'instructions of a decision in the native build (callgrind)';
  if (decisions === undefined || effort.tiny) return { title, rows: [{ name: 'skipped', text: 'the program was not compiled' }] };
  if (spawnSync('valgrind', ['--version']).status !== 0) {
    return { title, rows: [{ name: 'skipped', text: 'there is no `valgrind`' }] };
  }
  const rows = [];
  for (const algorithm of ['RS256', 'ES256', 'EdDSA', 'HS256']) {
    const files = write(join(folder, algorithm), algorithm);
    const count = (/** @type {number} */ decided) => counted(decisions, files, decided);
    const perNew = (count(TOKENS) - count(FEWER)) / (TOKENS - FEWER);
    rows.push({ name: `${algorithm}, a new token`, text: grouped(perNew) });
    if (algorithm === 'RS256') {
      const perKnown = (count(TOKENS + MANY) - count(TOKENS)) / MANY;
      rows.push({ name: `${algorithm}, a repeated token`, text: grouped(perKnown) });
    }
  }
  return { title, rows };
}

/**
 * @param {string} folder
 * @param {string} algorithm
 */
function write(folder, algorithm) {
  const key = makeKey(algorithm);
  mkdirSync(folder);
  const files = {
    'authorizer.json': configurationText({ staff: { ...GENERIC, algorithms: [algorithm] } }, 20),
    'jwks.json': JSON.stringify({ keys: [key.jwk] }),
    'now.txt': String(Math.floor(Date.now() / 1000)),
    'tokens.txt': accessTokens(key, TOKENS).join('\n'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/**
 * @param {string} program
 * @param {string} folder
 * @param {number} decided
 */
function counted(program, folder, decided) {
  const out = join(folder, 'callgrind.out');
  const { stderr, status } = spawnSync(
    'valgrind',
    ['--tool=callgrind', `--callgrind-out-file=${out}`, program, folder, String(decided)],
    { encoding: 'utf8' },
  );
  const collected = /Collected : (\d+)/.exec(stderr);
  if (status !== 0 || collected === null) throw new Error(`callgrind counted nothing: ${stderr.slice(-500)}`);
  return Number(collected[1]);
}

/** @param {number} value */
function grouped(value) {
  return Math.round(value).toLocaleString('en-US');
}
