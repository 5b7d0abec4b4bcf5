import { readFileSync } from 'node:fs';

/** @typedef {'accept' | 'reject'} Verdict */

/**
 * A divergence that was looked at, and why ours is the right answer. Each of the mutations has it
 * with each of the peers.
 *
 * @typedef {object} Divergence
 * @property {string[]} mutations
 * @property {string[]} peers
 * @property {Verdict} ours
 * @property {Verdict} theirs
 * @property {string} reason
 * @property {string} reference the section of the standard that supports us
 */

/** @returns {Divergence[]} */
export function readDivergences() {
  return JSON.parse(readFileSync(new URL('divergences.json', import.meta.url), 'utf8'));
}

/**
 * The page of the documentation.
 *
 * @param {Divergence[]} divergences
 */
export function render(divergences) {
  const rows = (/** @type {Verdict} */ ours) =>
    divergences.filter((divergence) => divergence.ours === ours).map(row);
  return `# Where other verifiers decide differently

The tests compare this authorizer with aws-jwt-verify, jose and PyJWT, each configured as strictly as it can be, on
thousands of tokens: valid ones, and valid ones with one thing changed. These are all the cases in which they disagree. A
case that is not in this table fails the tests, and so does one that no longer occurs. The table is made from
[divergences.json](../tests/differential/divergences.json) by \`node tests/differential/write-page.mjs\`.

PyJWT is asked through its \`PyJWKClient\`, which looks for keys by \`kid\`. aws-jwt-verify is not asked about PS and HS, which
it does not have.

## Refused here, accepted there

${table(rows('reject'))}

## Accepted here, refused there

${table(rows('accept'))}
`;
}

/** @param {string[]} rows */
function table(rows) {
  return ['| token | by | why | reference |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** @param {Divergence} divergence */
function row({ mutations, peers, reason, reference }) {
  return `| ${mutations.join('<br>')} | ${peers.join(', ')} | ${reason} | ${reference} |`;
}
