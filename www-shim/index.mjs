// The Lambda@Edge function: `index.handler`, for viewer-request, and for origin-request where it signs.

import { existsSync, readFileSync } from 'node:fs';

import { createHandler } from './lib/handler.mjs';

const configFolder = new URL('./', import.meta.url);
const pinnedFile = new URL('key-sets.json', configFolder);

export const handler = createHandler({
  configText: readFileSync(new URL('authorizer.json', configFolder), 'utf8'),
  configFolder,
  // Key sets that could be fetched when the zip was made: a cold start need not wait for the provider.
  pinned: existsSync(pinnedFile) ? JSON.parse(readFileSync(pinnedFile, 'utf8')) : {},
});
