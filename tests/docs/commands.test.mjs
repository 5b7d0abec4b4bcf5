// Each command in a document is run, in order, in a copy of the project, or is on the list of those that are not.
//
// A block ```json file=NAME is put into the copy as NAME. A block ```text right after commands is what the last of them prints;
// `…` in it is anything. What changes the distribution E1EXAMPLE with `aws` asks moto, which tests/deploy needs as well; where it is
// not there, such a document is skipped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Moto } from '../deploy/support/moto.mjs';
import { noTools } from '../deploy/support/tools.mjs';
import { Checkout } from './support/checkout.mjs';
import { commandsIn, nameOf } from './support/commands.mjs';
import { documents } from './support/documents.mjs';
import { NOT_RUN, RUN_WITH_ACCOUNT } from './support/not-run.mjs';
import { Shell } from './support/shell.mjs';

/** @typedef {import('./support/documents.mjs').Document} Document */
/** @typedef {import('./support/documents.mjs').Block} Block */

/** Documents whose commands another test runs: tests/deploy/runbook.test.mjs, with an account that moto makes believe. */
const RUN_ELSEWHERE = ['docs/runbook.md'];
const DOCUMENTS = documents().filter(({ name, blocks }) => !RUN_ELSEWHERE.includes(name) && blocks.some(isShell));

/** What changes at AWS is only shown; tests/deploy does it, against a server that answers as AWS does. */
const CHANGES_AWS = /^\.\/build\.sh (?:publish|rollback|unpublish) /;
const ASKS_AWS = /(?:^|\()aws /;
const ASKS_OTHERS = /\bcurl\b.*\bhttps?:\/\/(?!127\.0\.0\.1[:/])/;
const SERVES = /^(?:\.\/build\.sh|edge-authorizer|node www-shim\/cli\.mjs) serve\b/;

describe('the commands run', { concurrency: 4 }, () => {
  for (const document of DOCUMENTS) test(`in ${document.name}`, (t) => runDocument(t, document));
});

/**
 * @param {import('node:test').TestContext} t
 * @param {Document} document
 */
async function runDocument(t, document) {
  const why = asksAws(document) && noTools();
  if (why) return t.skip(why);
  const checkout = await Checkout.make(t);
  if (asksAws(document)) await letAskMoto(t, checkout);
  const shell = new Shell(t, checkout);
  for (const { file, text } of document.blocks) if (file) await checkout.write(file, text);
  let printed = '';
  for (const block of document.blocks) {
    if (isShell(block)) printed = await runBlock(document, block, checkout, shell);
    if (block.language === 'text') assertPrinted(checkout.withPortsOfReaders(printed), block, document);
  }
  for (const { name, status, stderr } of await shell.end()) assert.deepEqual([name, status, stderr], [name, 0, '']);
}

/** @param {Block} block */
function isShell({ language }) {
  return language === 'sh';
}

/** @param {Document} document */
function commandNamesIn({ blocks }) {
  return blocks.filter(isShell).flatMap(({ text }) => commandsIn(text).map(nameOf));
}

/** @param {string} name */
function isRunHere(name) {
  return !Object.hasOwn(NOT_RUN, name) && !RUN_WITH_ACCOUNT.includes(name);
}

/** @param {Document} document */
function asksAws(document) {
  return commandNamesIn(document).some((name) => ASKS_AWS.test(name) && isRunHere(name));
}

/**
 * @param {import('node:test').TestContext} t
 * @param {Checkout} checkout
 */
async function letAskMoto(t, checkout) {
  const moto = await Moto.start(t);
  checkout.useAws(moto.environment, await moto.createDistribution());
}

/**
 * @param {Document} document
 * @param {Block} block
 * @param {Checkout} checkout
 * @param {Shell} shell
 * @returns {Promise<string>} what the last command printed
 */
async function runBlock({ name: document }, { text, line }, checkout, shell) {
  let printed = '';
  for (const command of commandsIn(text)) {
    const name = nameOf(command);
    if (!isRunHere(name)) continue;
    assert.doesNotMatch(name, ASKS_OTHERS, `${document}:${line}: no test asks others than this machine`);
    if (SERVES.test(name)) {
      await shell.serve(await checkout.asHere(name.includes('--port') ? name : `${name} --port 8080`));
      continue;
    }
    const { status, stdout, stderr } = await shell.run(await checkout.asHere(CHANGES_AWS.test(name) ? `${name} --dry-run` : command));
    assert.equal(status, 0, `${document}:${line}: ${name}\n${stdout}${stderr}`);
    printed = stdout;
  }
  return printed;
}

/**
 * @param {string} printed
 * @param {Block} block
 * @param {Document} document
 */
function assertPrinted(printed, { text, line }, { name }) {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*?')}$`, 's');
  if (!pattern.test(printed)) assert.equal(printed, text, `${name}:${line} shows something else than its command prints`);
}

test('what is on the list of commands that are not run is in a document, and has a reason', () => {
  const names = DOCUMENTS.flatMap(commandNamesIn);
  for (const name of [...Object.keys(NOT_RUN), ...RUN_WITH_ACCOUNT]) assert.ok(names.includes(name), `\`${name}\` is in no document`);
  for (const [name, reason] of Object.entries(NOT_RUN)) assert.ok(reason.length > 5, name);
  assert.ok(names.length > 30, `${names.length} commands`);
});

test('commands are in blocks of `sh`, and do not hide in others', () => {
  const looksLikeOne = /^(?:\$ |\.\/build\.sh|edge-authorizer |node |npm |npx |aws )/m;
  for (const { name, blocks } of documents()) {
    const others = ['bash', 'shell', 'console', 'zsh'];
    const hidden = blocks.filter(({ language, text }) => others.includes(language) || (language === '' && looksLikeOne.test(text)));
    assert.deepEqual(hidden.map(({ line }) => `${name}:${line}`), []);
  }
});
