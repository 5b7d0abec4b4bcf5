/** @typedef {import('./types.d.ts').KeySetStatus} KeySetStatus */
/** @typedef {import('./types.d.ts').StatusReport} StatusReport */

const REFRESH_SECONDS = 2;

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #3a3a3a); --faint: light-dark(#666, #999);
  --good: light-dark(#18794e, #4cc38a); --warn: light-dark(#946800, #f0c000); --bad: light-dark(#c0262d, #ff8589); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem; }
p { color: var(--faint); margin: .2rem 0; } code, td, th { font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--faint); font-weight: normal; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem 1rem .25rem 0; vertical-align: top; }
td.number, th.number { text-align: right; } td.path { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
meter { width: 8rem; height: .8rem; }`;

/**
 * The status as a page. Whatever stands in it may be what a viewer wrote, and is escaped.
 *
 * @param {StatusReport} report
 * @returns {string}
 */
export function statusPage(report) {
  const { requests, since, decisions, cache, keySets, latest } = report;
  const asked = cache.hits + cache.misses;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Local edge</title>
<style>${STYLE}</style>
<h1>Local edge</h1>
<p>${count(requests, 'request')} since ${time(since)}. The same <a href=";edge-authorizer.json">as JSON</a>.</p>
<h2>Decisions</h2>
${table(
    ['code', '#decisions', '', '#µs, median'],
    decisions.map(({ code, count: decided, microseconds }) => [
      escaped(code),
      grouped(decided),
      `<meter value="${decided}" max="${requests}">${Math.round((100 * decided) / requests)} %</meter>`,
      microseconds === null ? '' : grouped(microseconds),
    ]),
    'none so far',
  )}
<h2>Key sets</h2>
${table(['provider', 'from', '#keys', 'age', 'trusted until'], keySets.map(keySetCells), 'none')}
<h2>Cache</h2>
${table(
    ['#hits', '#misses', '#share of hits', '#objects', '#bytes'],
    cache.objects === null
      ? []
      : [[cache.hits, cache.misses, asked === 0 ? '' : `${Math.round((100 * cache.hits) / asked)} %`, cache.objects, cache.bytes ?? 0].map(cell)],
    'there is no cache: `--no-cache`',
  )}
<h2>Latest requests</h2>
${table(
    ['time', 'method', '!path', '#status', 'code', 'rule', '#µs', 'cache'],
    latest.map((record) => [
      time(record.time),
      escaped(record.method),
      escaped(record.path),
      `<span class="${statusClass(record.status)}">${record.status}</span>`,
      escaped(record.code ?? ''),
      escaped(record.rule ?? ''),
      record.microseconds === null ? '' : grouped(record.microseconds),
      record.cache ?? '',
    ]),
    'none so far',
  )}
</html>
`;
}

/** @type {(keySet: KeySetStatus) => string[]} */
function keySetCells({ provider, from, keys, ageSeconds, trustedUntil, problem }) {
  const state = problem === null ? '' : ` <span class="bad">${escaped(problem)}</span>`;
  return [
    escaped(provider),
    escaped(from),
    keys === null ? '' : String(keys),
    (ageSeconds === null ? 'not fetched yet' : `${grouped(ageSeconds)} s`) + state,
    trustedUntil === null ? '' : time(trustedUntil),
  ];
}

/**
 * @param {string[]} heads with `#` before those of numbers, and `!` before that of paths
 * @param {string[][]} rows of HTML
 * @param {string} none what is said where there is no row
 */
function table(heads, rows, none) {
  if (rows.length === 0) return `<p>${escaped(none)}</p>`;
  const classes = heads.map((head) => (head.startsWith('#') ? ' class="number"' : head.startsWith('!') ? ' class="path"' : ''));
  const headCells = heads.map((head, index) => `<th${classes[index]}>${escaped(head.replace(/^[#!]/, ''))}`).join('');
  const bodyRows = rows.map((cells) => `<tr>${cells.map((html, index) => `<td${classes[index]}>${html}`).join('')}`);
  return `<table>\n<tr>${headCells}\n${bodyRows.join('\n')}\n</table>`;
}

/** @type {(status: number) => string} */
function statusClass(status) {
  return status < 400 ? 'good' : status < 500 ? 'warn' : 'bad';
}

/** @type {(value: number | string) => string} */
function cell(value) {
  return typeof value === 'number' ? grouped(value) : escaped(value);
}

/** @type {(date: Date) => string} */
function time(date) {
  return `<time datetime="${date.toISOString()}">${date.toTimeString().slice(0, 8)}</time>`;
}

/** @type {(number: number, noun: string) => string} */
function count(number, noun) {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en-US');
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
