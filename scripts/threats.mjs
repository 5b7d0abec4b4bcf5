// node scripts/threats.mjs [--write]: which test stands for which row of the threat table in docs/security.md. Tests carry
// the number of their row in their name: `threat_7_…` in Rust, `threat 7: …` in JavaScript. Without `--write` it prints the
// table, and fails where the one in the document is another, or where a row that needs a test has none.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/security.md');
const FOLDERS = ['crates', 'src', 'tests', 'deploy/cdk/test'];
const NOT_OURS = new Set(['node_modules', 'target', 'pkg']);

const BEGIN = '<!-- threats: made by `node scripts/threats.mjs --write` -->\n';
const END = '<!-- end of threats -->\n';
const HEAD = '| | threat and defence | tests |\n| --- | --- | --- |\n';

/** @typedef {{ row: number, name: string, file: string }} NumberedTest */

/**
 * The tests that carry the number of a row.
 *
 * @param {string} [root]
 * @returns {NumberedTest[]}
 */
export function numberedTests(root = ROOT) {
  const files = FOLDERS.flatMap((folder) => sourcesIn(join(root, folder)));
  const tests = files.flatMap((path) => {
    const source = readFileSync(path, 'utf8');
    const file = relative(root, path).split(sep).join('/');
    const pattern = path.endsWith('.rs') ? /\bfn (threat_(\d+)_\w+)/g : /\btest\(\s*(["'`])(threat (\d+): .*?)\1/g;
    return [...source.matchAll(pattern)].map((match) => {
      const [name, row] = match.length === 3 ? match.slice(1) : match.slice(2);
      return { row: Number(row), name: readable(name), file };
    });
  });
  return tests.sort((a, b) => a.row - b.row || compare(a.file, b.file) || compare(a.name, b.name));
}

/** @param {string} name as it can stand in a table, in code: what a template puts in is left out */
function readable(name) {
  return name.replace(/\$\{.*?\}/g, '…').replace(/[|`\\]+/g, "'");
}

/**
 * The document with the tests of today in its table; number and words of each row stay as they are.
 *
 * @param {string} document
 * @param {NumberedTest[]} tests
 */
export function withTests(document, tests) {
  const [before, table, after] = parts(document);
  const rows = rowsOf(table).map(({ row, words }) => {
    const cells = tests.filter((test) => test.row === row).map(cellOf);
    return `| ${row} | ${words} | ${cells.join('<br>') || '—'} |\n`;
  });
  return `${before}${BEGIN}${HEAD}${rows.join('')}${END}${after}`;
}

/**
 * The rows of the document's table, with the names of their tests.
 *
 * @param {string} document
 */
export function rowsWithTests(document) {
  return rowsOf(parts(document)[1]).map(({ row, cell }) => {
    const names = [...cell.matchAll(/`(threat[ _].*?)` \(/g)].map(([, name]) => name);
    return { row, names };
  });
}

/** @param {string} document */
function parts(document) {
  const [before, rest] = document.split(BEGIN);
  const [table, after] = rest?.split(END) ?? [];
  if (after === undefined) throw new Error('docs/security.md has no table of threats between its two comments');
  return [before, table, after];
}

/** @param {string} table */
function rowsOf(table) {
  const rows = table.split('\n').map((line) => /^\| (\d+) \| (.*?) \| (.*) \|$/.exec(line));
  return rows.flatMap((row) => (row === null ? [] : { row: Number(row[1]), words: row[2], cell: row[3] }));
}

/** @param {NumberedTest} test */
function cellOf({ name, file }) {
  return `\`${name}\` ([${basename(file)}](../${file}))`;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : sourcesIn(path);
    return /\.(?:rs|mjs|test\.ts)$/.test(entry.name) ? [path] : [];
  });
}

/** @type {(a: string, b: string) => number} */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const document = readFileSync(DOCUMENT, 'utf8');
  const now = withTests(document, numberedTests());
  if (process.argv.includes('--write')) {
    writeFileSync(DOCUMENT, now);
  } else {
    console.log(parts(now)[1]);
    if (now !== document) {
      console.error('docs/security.md names other tests: `node scripts/threats.mjs --write` mends that');
      process.exitCode = 1;
    }
  }
}
