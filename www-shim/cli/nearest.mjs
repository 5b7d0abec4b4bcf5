/**
 * @param {string} word what was typed
 * @param {string[]} known
 * @returns {string | null} the known word that was probably meant
 */
export function nearest(word, known) {
  let best = null;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (distance >= bestDistance) continue;
    [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Whether a word can hardly be anything but a known one: one slip of the fingers away, or in capitals. In a word of three letters only
 * two that changed places are a slip: `row` and `new` are words of their own, and not `now`.
 *
 * @param {string} word
 * @param {string[]} known
 * @returns {boolean}
 */
export function isNearMiss(word, known) {
  const typed = word.toLowerCase();
  return known.some((candidate) => {
    if (typed === candidate || isSwapped(typed, candidate)) return true;
    return candidate.length > 3 && editDistance(typed, candidate) === 1;
  });
}

/** Whether two neighbours have changed places. @type {(word: string, other: string) => boolean} */
function isSwapped(word, other) {
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  return at >= 0 && word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2) === other;
}

/** @type {(from: string, to: string) => number} Levenshtein's distance */
function editDistance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [fromIndex, character] of [...from].entries()) {
    const next = [fromIndex + 1];
    for (let index = 0; index < to.length; index += 1) {
      const replaced = row[index] + (to[index] === character ? 0 : 1);
      next.push(Math.min(replaced, row[index + 1] + 1, next[index] + 1));
    }
    row = next;
  }
  return row[to.length];
}
