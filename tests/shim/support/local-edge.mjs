import { createEdge } from '../../../www-shim/edge/server.mjs';
import { listen, stop } from '../../../www-shim/edge/listen.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('../../../www-shim/edge/server.mjs').Edge} Edge */
/** @typedef {import('../../../www-shim/edge/types.d.ts').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('../../../www-shim/edge/types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('../../../www-shim/edge/types.d.ts').FunctionEvent} FunctionEvent */

/**
 * Starts a local edge for one test, which is stopped when the test ends.
 *
 * @param {TestContext} t
 * @param {Partial<Edge>} [parts] by default every request is forwarded to an origin that says ok
 */
export async function startEdge(t, parts = {}) {
  /** @type {FunctionEvent[]} */
  const events = [];
  /** @type {OriginRequest[]} */
  const originRequests = [];
  /** @type {string[]} */
  const lines = [];
  const { handler = (/** @type {FunctionEvent} */ event) => requestOf(event) } = parts;
  const server = createEdge({
    origin: async (request) => {
      originRequests.push(request);
      return { status: 200, headers: {}, body: 'ok', cache: 'Miss' };
    },
    log: (line) => lines.push(line),
    ...parts,
    handler: (event, context) => {
      events.push(structuredClone(event));
      return handler(event, context);
    },
  });
  const url = await listen(server, 0);
  t.after(() => stop(server, 0));
  return { url, events, originRequests, lines };
}

/**
 * @param {FunctionEvent} event
 * @returns {CloudFrontRequest}
 */
export function requestOf(event) {
  const request = event.Records[0]?.cf.request;
  if (!request) throw new Error('the event has no request');
  return request;
}
