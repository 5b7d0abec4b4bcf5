/**
 * Whether to colour what is written: on a terminal, unless the user says otherwise.
 *
 * @param {boolean} isTerminal
 * @param {Record<string, string | undefined>} environment `NO_COLOR` (no-color.org) wins over `FORCE_COLOR`, for which 0 is no
 * @returns {boolean}
 */
export function usesColor(isTerminal, { NO_COLOR, FORCE_COLOR, TERM }) {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
