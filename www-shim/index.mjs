// The Lambda@Edge function: `index.handler`, for viewer-request.

import { readFileSync } from 'node:fs';

import { createHandler } from './lib/handler.mjs';

const configFolder = new URL('./', import.meta.url);

export const handler = createHandler({
  configText: readFileSync(new URL('authorizer.json', configFolder), 'utf8'),
  configFolder,
});
