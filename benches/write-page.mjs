// node benches/write-page.mjs FIGURES.json: puts the figures of a run (`./build.sh bench --json FILE`) into
// docs/performance.md, between its two markers. Nothing there is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { goalLines, sectionsAsMarkdown } from './report/print.mjs';

const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const [BEGIN, END] = ['<!-- figures: begin -->', '<!-- figures: end -->'];

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node benches/write-page.mjs FIGURES.json');
const { machine, mode, sections, goals } = JSON.parse(readFileSync(file, 'utf8'));
const page = readFileSync(PAGE, 'utf8');
const [before, rest] = page.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error(`\`${PAGE}\` has not both markers`);
const figures = [
  `One ${mode} run on Node.js ${machine.node} (V8 ${machine.v8}), ${machine.cpus} × ${machine.cpu}. Ratios compare within a round;`,
  'times are of this machine only.',
  '',
  ...goalLines(goals),
  '',
  ...sectionsAsMarkdown(sections),
];
writeFileSync(PAGE, `${before}${BEGIN}\n\n${figures.join('\n')}${END}${after}`);
