/** @typedef {import('./types.d.ts').RequestRecord} RequestRecord */

/** Wide enough for most; a longer text moves what comes after it in its own line only. */
const WIDTHS = { method: 7, path: 36, code: 20, microseconds: 7 };

/** SGR parameters (ECMA-48) by the first digit of the status. */
const COLORS = /** @type {Record<string, number>} */ ({ 2: 32, 3: 36, 4: 33, 5: 31 });
const FAINT = 2;

/**
 * One line of the local edge's log: time, method, path, status, code, microseconds of the decision, and what else there is.
 *
 * @param {RequestRecord} record
 * @param {boolean} [color]
 * @returns {string}
 */
export function requestLine({ time, method, path, status, code, rule, cache, microseconds }, color = false) {
  const paint = (/** @type {number} */ parameter, /** @type {string} */ text) =>
    color && text !== '' ? `\x1b[${parameter}m${text}\x1b[0m` : text;
  const statusColor = COLORS[String(status).charAt(0)] ?? 0;
  const more = [rule === null ? '' : `rule ${printable(rule)}`, cache === null ? '' : `cache ${cache}`];
  const line = [
    paint(FAINT, time.toTimeString().slice(0, 8)),
    method.padEnd(WIDTHS.method),
    printable(path).padEnd(WIDTHS.path),
    paint(statusColor, String(status)),
    (code ?? '-').padEnd(WIDTHS.code),
    `${microseconds === null ? '-' : grouped(microseconds)} µs`.padStart(WIDTHS.microseconds + 3),
    paint(FAINT, more.filter((part) => part !== '').join(', ')),
  ];
  return line.join('  ').trimEnd();
}

/** What viewers write must not move a terminal's cursor. @param {string} text */
function printable(text) {
  return text.replace(/[^\x20-\x7e…]/g, '?');
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en-US');
}
