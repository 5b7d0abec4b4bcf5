/** @typedef {import('./generator/cases.mjs').Case} Case */
/** @typedef {import('./list.mjs').Divergence} Divergence */
/** @typedef {import('./peers/verdict.mjs').Answer} Answer */

/**
 * One token on which a peer disagrees.
 *
 * @typedef {{ question: Case, ours: Answer, theirs: Answer }} Disagreement
 */

/**
 * @typedef {object} Comparison
 * @property {number} agreed
 * @property {number} listed tokens with a divergence that is on the list
 * @property {Map<string, number>} kinds how many of them, by `ours/theirs` verdict
 * @property {Disagreement[]} unlisted
 * @property {string[]} stale mutations for which the list has a divergence that did not occur on
 *   every one of their tokens
 */

/**
 * Compares our answers with those of a peer, by the list.
 *
 * @param {string} peer
 * @param {Case[]} questions
 * @param {Answer[]} ours
 * @param {Answer[]} theirs
 * @param {Divergence[]} divergences
 * @returns {Comparison}
 */
export function compare(peer, questions, ours, theirs, divergences) {
  const expected = new Map(
    divergences
      .filter(({ peers }) => peers.includes(peer))
      .flatMap((divergence) => divergence.mutations.map((name) => [name, divergence])),
  );
  /** @type {Disagreement[]} */
  const unlisted = [];
  const seen = new Set();
  const stale = new Set();
  const kinds = new Map();
  let [agreed, listed] = [0, 0];

  questions.forEach((question, index) => {
    const pair = { question, ours: ours[index], theirs: theirs[index] };
    const divergence = expected.get(question.mutation);
    seen.add(question.mutation);
    if (pair.ours.verdict === pair.theirs.verdict) {
      agreed += 1;
      if (divergence) {
        stale.add(question.mutation);
      }
    } else if (
      divergence?.ours === pair.ours.verdict &&
      divergence.theirs === pair.theirs.verdict
    ) {
      listed += 1;
      const kind = `${divergence.ours}/${divergence.theirs}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    } else {
      unlisted.push(pair);
    }
  });
  const unseen = [...expected.keys()].filter((name) => !seen.has(name));
  return { agreed, listed, kinds, unlisted, stale: [...stale, ...unseen] };
}

/**
 * For people: what a token says, never the token itself.
 *
 * @param {Disagreement} disagreement
 */
export function describe({ question, ours, theirs }) {
  const { mutation, algorithm, setup, now, header, payload, token } = question;
  const { keySet, secret: _, ...configuration } = setup;
  return [
    `${mutation} (${algorithm})`,
    `  ours: ${ours.verdict} ${ours.why}`,
    `  theirs: ${theirs.verdict} ${theirs.why}`,
    `  now: ${now}; keys: ${keySet?.length ?? 'a secret'}`,
    `  configuration: ${JSON.stringify(configuration)}`,
    `  header: ${JSON.stringify(shortened(header))}`,
    `  payload: ${JSON.stringify(shortened(payload))}`,
    `  shape: ${JSON.stringify(shapeOf(token))}`,
  ].join('\n');
}

/**
 * The token with the number of characters for each run of base64url.
 *
 * @param {string} token
 */
function shapeOf(token) {
  return shortened(token.replace(/[\w-]+/g, ({ length }) => `<${length}>`));
}

/**
 * Without what may be a key or a token within.
 *
 * @param {string} text
 */
function shortened(text) {
  const legible = text.replace(/[\w-]{40,}/g, ({ length }) => `<${length}>`);
  return legible.length > 600 ? `${legible.slice(0, 600)}… (${text.length} characters)` : legible;
}
