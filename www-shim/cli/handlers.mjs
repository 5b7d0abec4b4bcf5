import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHandler } from '../lib/handler.mjs';
import { handlerLog } from './handler-log.mjs';

/** @typedef {import('../edge/server.mjs').Edge} Edge */
/** @typedef {Required<Pick<Edge, 'handler' | 'takeNote' | 'keySets'>>} LocalHandler */
/** @typedef {(line: string) => void} Print */

/**
 * @param {string} configText
 * @param {string} configFolder
 * @param {Print} print
 * @returns {LocalHandler} the handler of this package
 */
export function handlerFromSource(configText, configFolder, print) {
  const { write, takeNote, keySets } = handlerLog(print);
  const configuration = JSON.parse(configText);
  // Whoever tries things out wants to see what was let through, too.
  const everything = { logLevel: 'debug', logSample: undefined, metrics: undefined };
  const talkative = JSON.stringify({ ...configuration, ...everything });
  const handler = createHandler({ configText: talkative, configFolder, write });
  return { handler, takeNote, keySets: () => keySets(configuration) };
}

/**
 * @param {string} folder where the zip was unpacked; its own configuration counts
 * @param {Print} print
 * @returns {Promise<LocalHandler>} the handler of that zip
 * @throws {Error} where there is none
 */
export async function handlerFromFolder(folder, print) {
  const index = join(resolve(folder), 'index.mjs');
  if (!statSync(index, { throwIfNoEntry: false })?.isFile()) {
    throw new Error(`handler \`${folder}\` has no \`index.mjs\`; unpack the zip there first`);
  }
  const { write, takeNote, keySets } = handlerLog(print);
  const configuration = JSON.parse(readFileSync(join(resolve(folder), 'authorizer.json'), 'utf8'));
  // On Lambda, console.log is the function's log. The command line itself never uses it.
  console.log = write;
  const { handler } = await import(pathToFileURL(index).href);
  if (typeof handler !== 'function') throw new Error(`\`${index}\` exports no \`handler\``);
  return { handler, takeNote, keySets: () => keySets(configuration) };
}
