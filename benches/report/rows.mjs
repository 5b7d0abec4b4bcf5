import { ratio, spread } from '../rounds.mjs';

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} [microseconds] the median
 * @property {[number, number]} [quartiles]
 * @property {number} [ratio] to the row that others are compared with
 * @property {string} [text] instead of them
 */
/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {string} goal
 * @property {number} measured
 * @property {string} unit
 * @property {(value: number) => boolean} isMet
 */
/** @typedef {{ title: string, rows: Row[], goals?: Goal[], note?: string }} Section */

/**
 * @param {Map<string, number[]>} samples
 * @param {string} reference the name of the contender that the others are compared with
 * @returns {Row[]}
 */
export function comparison(samples, reference) {
  const base = samples.get(reference) ?? [];
  return [...samples].map(([name, values]) => {
    const { median, low, high } = spread(values);
    return { name, microseconds: median, quartiles: [low, high], ratio: ratio(values, base).median };
  });
}
