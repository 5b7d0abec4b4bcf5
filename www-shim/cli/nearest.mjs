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
