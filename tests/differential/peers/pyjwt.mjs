import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./verdict.mjs').Answer} Answer */

const SCRIPT = fileURLToPath(new URL('pyjwt_peer.py', import.meta.url));

/** @type {import('./verdict.mjs').Peer} */
export const pyjwt = {
  name: 'PyJWT',
  knows: () => true,
  ask: async (questions) => {
    const setups = [...new Set(questions.map(({ setup }) => setup))];
    const lines = [
      setups.map((setup) => ({ ...setup, secret: setup.secret?.toString('base64') ?? null })),
      ...questions.map(({ setup, token, now }) => ({ setup: setups.indexOf(setup), token, now })),
    ];
    const input = lines.map((line) => JSON.stringify(line)).join('\n');
    const run = spawnSync(python(), ['-I', SCRIPT], {
      input,
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    if (run.error || run.status !== 0) {
      throw new Error(`PyJWT did not answer: ${run.error?.message ?? run.stderr}`);
    }
    /** @type {Answer[]} */
    const answers = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    if (answers.length !== questions.length) {
      throw new Error(`PyJWT answered ${answers.length} of ${questions.length} questions`);
    }
    return answers;
  },
};

/** Why PyJWT cannot be asked; `false` if it can. */
export function pyjwtIsMissing() {
  return process.env.EDGE_AUTHORIZER_PYTHON
    ? false
    : 'EDGE_AUTHORIZER_PYTHON names no Python with PyJWT; `./build.sh test` sets it';
}

function python() {
  return /** @type {string} */ (process.env.EDGE_AUTHORIZER_PYTHON);
}
