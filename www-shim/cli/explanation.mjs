/** @typedef {import('../../pkg/tooling/edge_authorizer.js').TraceStep} TraceStep */
/** @typedef {import('./types.d.ts').Verdict} Verdict */

const COLORS = { met: 32, unmet: 31, skipped: 90, info: 36 };
const MARKS = { met: '✓', unmet: '✗', skipped: '-', info: '·' };

/**
 * @param {Verdict} verdict
 * @param {TraceStep[]} trace
 * @param {boolean} color
 * @returns {string} for people: the decision first, then how it came about
 */
export function explanationText(verdict, trace, color) {
  const { decision, status, code, rule, detail } = verdict;
  const paint = (/** @type {number} */ number, /** @type {string} */ text) =>
    color ? `\x1b[${number}m${text}\x1b[0m` : text;
  const answer = decision === 'forward' ? paint(32, 'forward') : paint(31, status === null ? 'respond' : `respond ${status}`);
  const steps = trace.map(({ depth, outcome, text }, index) => {
    const mark = paint(COLORS[outcome], MARKS[outcome]);
    const said = printable(text);
    return `${branches(trace, index, depth)}${mark} ${outcome === 'skipped' ? paint(COLORS.skipped, said) : said}`;
  });
  return [
    `decision  ${answer}`,
    `code      ${code}`,
    `rule      ${printable(rule ?? 'none')}`,
    ...(detail ? [`detail    ${printable(detail)}`] : []),
    ...(steps.length > 0 ? ['', 'how it came about'] : []),
    ...steps,
    '',
  ].join('\n');
}

/**
 * What stands before a step: a line down from each step that it is below, as long as there is more below that.
 *
 * @param {TraceStep[]} trace
 * @param {number} index
 * @param {number} depth
 * @returns {string}
 */
function branches(trace, index, depth) {
  const goesOn = (/** @type {number} */ level) => {
    let next = index + 1;
    while ((trace[next]?.depth ?? 0) > level) next += 1;
    return trace[next]?.depth === level;
  };
  const levels = Array.from({ length: depth }, (_, level) => level + 1);
  const lines = levels.map((level) => {
    if (level === depth) return goesOn(level) ? '├─ ' : '└─ ';
    return goesOn(level) ? '│  ' : '   ';
  });
  return `  ${lines.join('')}`;
}

/** @type {(text: string) => string} a path or claim must not move the terminal's cursor */
function printable(text) {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
