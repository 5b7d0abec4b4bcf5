// node run.mjs HANDLER EVENT: a process that does what a cold start does, and ends: load the handler, decide once.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [handlerFile, eventFile] = /** @type {[string, string]} */ (/** @type {unknown} */ (process.argv.slice(2)));
const { handler } = await import(pathToFileURL(handlerFile).href);
const result = await handler(JSON.parse(readFileSync(eventFile, 'utf8')), {});
if (result.status !== undefined) throw new Error(`refused: ${JSON.stringify(result)}`);
