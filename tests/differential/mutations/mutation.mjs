import { ALL } from '../generator/keys.mjs';

/** @typedef {import('../generator/draft.mjs').Draft} Draft */
/** @typedef {import('../generator/keys.mjs').Keys} Keys */
/** @typedef {import('../generator/random.mjs').Random} Random */
/** @typedef {{ keys: Keys, random: Random }} Tools */
/** @typedef {(draft: Draft, tools: Tools) => void} Change */

/**
 * One way in which a token differs from a plain valid one. Its name is what the list of
 * divergences refers to.
 *
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string[]} algorithms what it is made with
 * @property {Change} change
 */

/**
 * @param {string} name
 * @param {Change} change
 * @param {string[]} [algorithms]
 * @returns {Mutation}
 */
export function mutation(name, change, algorithms = ALL) {
  return { name, change, algorithms };
}

/**
 * Sets a member of the payload or, given `undefined`, takes it out.
 *
 * @param {string} name
 * @param {string} claim
 * @param {unknown} value
 */
export function withClaim(name, claim, value) {
  return mutation(name, ({ payload }) => {
    payload[claim] = value;
  });
}

/**
 * Sets a member of the header or, given `undefined`, takes it out.
 *
 * @param {string} name
 * @param {string} parameter
 * @param {unknown} value
 * @param {string[]} [algorithms]
 */
export function withParameter(name, parameter, value, algorithms) {
  return mutation(
    name,
    ({ header }) => {
      header[parameter] = value;
    },
    algorithms,
  );
}

/**
 * The JSON of an object with more members at its end, as text: for what `JSON.stringify` does not
 * write.
 *
 * @param {object} object
 * @param {string} members
 */
export function withText(object, members) {
  return JSON.stringify(object).replace(/\}$/, `,${members}}`);
}

/**
 * The JSON of an object with one value written differently.
 *
 * @param {Record<string, unknown>} object
 * @param {string} member
 * @param {string} text
 */
export function withValueText(object, member, text) {
  const placeholder = '@value@';
  return JSON.stringify({ ...object, [member]: placeholder }).replace(`"${placeholder}"`, text);
}
