// A process from its start to its first decision, above bare Node.js. Processes are started in turn.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleContents } from '../../scripts/bundle-contents.mjs';
import { moduleMadeFor } from '../../scripts/module/made-folder.mjs';
import { optimised } from '../../scripts/module/wasm-opt.mjs';
import { COGNITO, configurationText, pathFor } from '../material/configurations.mjs';
import { eventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessToken } from '../material/tokens.mjs';
import { spread } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

const RULES = 20;
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const HERE = fileURLToPath(new URL('../cold-start/', import.meta.url));
const OURS = 'edge-authorizer';
const PEER = 'aws-jwt-verify, bundled';
const BARE = 'bare Node.js';

/** @param {Bench} bench */
export async function coldStart({ zipFolder, peerBundle, folder, effort }) {
  const keys = [makeKey('RS256'), makeKey('RS256')];
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  const event = join(folder, 'event.json');
  writeFileSync(event, eventText(accessToken(/** @type {any} */ (keys[0])), pathFor(RULES, 0)));
  const handlers = {
    [BARE]: join(HERE, 'bare.mjs'),
    [OURS]: await ours(zipFolder, join(folder, 'ours'), jwks),
    [PEER]: peer(peerBundle, join(folder, 'peer'), jwks),
  };
  /** @type {Map<string, number[]>} */
  const samples = new Map(Object.keys(handlers).map((name) => [name, []]));
  const rounds = effort.rounds(30, 150);
  // The first round reads files that the others find in memory.
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, handler] of Object.entries(handlers)) {
      const milliseconds = run(handler, event);
      if (round >= 0) samples.get(name)?.push(milliseconds);
    }
  }
  const bare = samples.get(BARE) ?? [];
  const above = (/** @type {string} */ name) =>
    spread((samples.get(name) ?? []).map((value, round) => value - (bare[round] ?? NaN)));
  const [our, their] = [above(OURS).median, above(PEER).median];
  return {
    title: 'cold start: a process from its start to its first decision',
    rows: [...samples].map(([name, values]) => {
      const { median, low, high } = spread(values);
      const text = `${median.toFixed(1)} ms (${low.toFixed(1)} – ${high.toFixed(1)})`;
      return { name, text: name === BARE ? text : `${text}, ${above(name).median.toFixed(1)} ms above bare Node.js` };
    }),
    goals: [
      {
        what: 'cold start above bare Node.js, against what bundled aws-jwt-verify adds',
        goal: '≤ 1.0 × its time',
        measured: our / their,
        unit: '× its time',
        isMet: (/** @type {number} */ value) => value <= 1,
      },
    ],
  };
}

/**
 * @param {string} handler
 * @param {string} event
 * @returns {number} milliseconds
 */
function run(handler, event) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [join(HERE, 'run.mjs'), handler, event], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${handler} does not start: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * The files of the zip that `./build.sh build` would make.
 *
 * @param {string} zipFolder
 * @param {string} folder
 * @param {object} jwks
 */
async function ours(zipFolder, folder, jwks) {
  const configText = configurationText({ staff: COGNITO }, RULES);
  const fetchedAt = Math.floor(Date.now() / 1000);
  const [config, pinned] = [`${folder}.json`, `${folder}-keys.json`];
  writeFileSync(config, configText);
  writeFileSync(pinned, JSON.stringify({ staff: { jwks, fetchedAt } }));
  const module = optimised(moduleMadeFor(zipFolder, configText));
  for (const { name, content } of await bundleContents(PROJECT, config, module, { pinned })) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(folder, 'index.mjs');
}

/**
 * @param {string} bundle
 * @param {string} folder
 * @param {object} jwks
 */
function peer(bundle, folder, jwks) {
  mkdirSync(folder);
  copyFileSync(bundle, join(folder, 'index.mjs'));
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(jwks));
  return join(folder, 'index.mjs');
}
