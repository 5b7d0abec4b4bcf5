// The tables, as they are printed and as they stand in docs/performance.md.

/** @typedef {import('./rows.mjs').Section} Section */
/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {{ what: string, goal: string, measured: string, verdict: 'met' | 'missed' }} Verdict */

/** @param {Section} section */
export function printSection(section) {
  console.log(`\n${sectionLines(section).join('\n')}`);
}

/**
 * @param {Section} section
 * @returns {string[]}
 */
function sectionLines({ title, rows, note }) {
  const isTimed = rows.some((row) => row.microseconds !== undefined);
  const head = isTimed ? ['', 'µs, median', 'quartiles', 'ratio'] : ['', ''];
  return [title, '', ...table([head, ...rows.map(cells)]), ...(note === undefined ? [] : ['', note])];
}

/**
 * @param {Row} row
 * @returns {string[]}
 */
function cells({ name, microseconds, quartiles, ratio, text }) {
  if (microseconds === undefined) return [name, text ?? ''];
  const [low, high] = quartiles ?? [NaN, NaN];
  return [name, digits(microseconds), `${digits(low)} – ${digits(high)}`, ratio === undefined ? '' : `${digits(ratio)} ×`];
}

/**
 * @param {Section[]} sections
 * @returns {Verdict[]}
 */
export function verdicts(sections) {
  return sections.flatMap(({ goals = [] }) =>
    goals.map(({ what, goal, measured, unit, isMet }) => {
      return { what, goal, measured: `${digits(measured)} ${unit}`, verdict: isMet(measured) ? 'met' : 'missed' };
    }),
  );
}

/** @param {Verdict[]} goals */
export function printGoals(goals) {
  console.log(`\ngoals\n\n${goalLines(goals).join('\n')}`);
}

/** @param {Verdict[]} goals */
export function goalLines(goals) {
  const rows = goals.map(({ what, goal, measured, verdict }) => [what, goal, measured, verdict]);
  return table([['what', 'goal', 'measured', ''], ...rows]);
}

/**
 * For the page: the same lines, titles as headings.
 *
 * @param {Section[]} sections
 */
export function sectionsAsMarkdown(sections) {
  return sections.flatMap((section) => {
    const [title, ...lines] = sectionLines(section);
    return [`### ${title?.charAt(0).toUpperCase()}${title?.slice(1)}`, ...lines, ''];
  });
}

/**
 * A table that is Markdown, too.
 *
 * @param {string[][]} rows the first is the head
 */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length), 3));
  const line = (/** @type {string[]} */ row) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head ?? []), rule, ...body.map(line)];
}

/** Three digits are more than the noise leaves. @param {number} value */
function digits(value) {
  const absolute = Math.abs(value);
  return value.toFixed(absolute >= 100 ? 0 : absolute >= 10 ? 1 : 2);
}
