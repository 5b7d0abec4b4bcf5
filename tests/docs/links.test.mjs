// Links between documents lead to a file that there is, and to a heading in it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

import { documents, ROOT } from './support/documents.mjs';

/** Text without code, in which `[a](b)` is no link. @param {string} text */
const withoutCode = (text) => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** The names that headings have in links, as GitHub makes them. @param {string} text */
function anchorsOf(text) {
  const headings = [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
}

for (const { name, text } of documents()) {
  test(`the links in ${name} lead somewhere`, () => {
    for (const [, link = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split('#');
      const file = path ? normalize(join(ROOT, dirname(name), path)) : join(ROOT, name);
      assert.ok(existsSync(file), `${name}: \`${link}\``);
      if (anchor === undefined || statSync(file).isDirectory()) continue;
      assert.ok(anchorsOf(readFileSync(file, 'utf8')).includes(anchor), `${name}: \`${link}\``);
    }
  });
}

test('docs/README.md leads to every page', () => {
  const index = documents().find(({ name }) => name === 'docs/README.md')?.text ?? '';
  for (const { name } of documents()) {
    if (!name.startsWith('docs/') || name.startsWith('docs/decisions/') || name === 'docs/README.md') continue;
    assert.ok(index.includes(`(${name.slice('docs/'.length)})`), `${name} is not in docs/README.md`);
  }
});

/** Files that tables and diagrams name in code: `www-shim/lib/log.mjs`. */
test('the files that CONTRIBUTING.md names are there', () => {
  const text = documents().find(({ name }) => name === 'CONTRIBUTING.md')?.text ?? '';
  const names = [...text.matchAll(/`((?:[\w.-]+\/)*[\w-]+(?:\.(?:rs|mjs|json|md)|\/))`/g)].map(([, name = '']) => name);
  const folders = ['', 'crates/core/src/', 'www-shim/lib/'];
  const isMade = (/** @type {string} */ name) => /^(?:target|dist|pkg)\//.test(name);
  for (const name of names.filter((one) => !isMade(one))) assert.ok(folders.some((folder) => existsSync(join(ROOT, folder, name))), name);
  assert.ok(names.length > 20, names.join());
});

test('the README is neither too short nor too long to be read', () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length;
  assert.ok(lines >= 80 && lines <= 190, `${lines} lines`);
});
