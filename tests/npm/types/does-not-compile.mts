import { createHandler, type CloudFrontEvent } from 'edge-authorizer';
import { decide } from 'edge-authorizer/lib/viewer-request.mjs'; // mistake: not public

createHandler({ configText: '{}' }); // mistake: no folder
createHandler({ configText: {}, configFolder: '.' }); // mistake: an object is not the text
createHandler({ configText: '{}', configFolder: '.', grace: 60 }); // mistake: an option that there is not
const handler = createHandler({ configText: '{}', configFolder: '.' });
handler({ Records: [] }, {}, () => {}); // mistake: Node.js 24 on Lambda takes no handler with a callback
handler({ records: [] }); // mistake: not an event

export async function statusOf(event: CloudFrontEvent) {
  const result = await handler(event);
  return [result.status, decide]; // mistake: a request that may pass has no status
}
