import { createServer } from 'node:http';
import { Activity } from './activity.mjs';
import { errorText, sendError, sendFromOrigin, sendGenerated } from './answers.mjs';
import { viewerRequestEvent } from './event.mjs';
import { FunctionFailed } from './origin-function.mjs';
import { refusal } from './refusal.mjs';
import { requestLine } from './request-line.mjs';
import { requestRecord } from './request-record.mjs';
import { runFunction } from './run-function.mjs';
import { answerStatus } from './status.mjs';
import { announcesBody } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./answers.mjs').EdgeError} EdgeError */
/** @typedef {import('./cache.mjs').CachedResponse} CachedResponse */
/** @typedef {import('./types.d.ts').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('./types.d.ts').DecisionNote} DecisionNote */
/** @typedef {import('./types.d.ts').Handler} Handler */
/** @typedef {import('./types.d.ts').KeySetStatus} KeySetStatus */
/** @typedef {import('./types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('./types.d.ts').StatusReport} StatusReport */

/**
 * @typedef {object} Edge
 * @property {Handler} handler the viewer-request function
 * @property {((request: OriginRequest) => Promise<CachedResponse>) & { held?: () => { objects: number, bytes: number } }} origin
 *   with or without a cache, which tells what it holds
 * @property {(line: string) => void} log
 * @property {boolean} [color] whether lines of the log are coloured
 * @property {(requestId: string) => DecisionNote | null} [takeNote] what the handler's own log
 *   said of a request
 * @property {() => KeySetStatus[]} [keySets] for the status page
 * @property {boolean} [forwardAuthorization] as an origin request policy that names the header
 */

/**
 * The local edge: what CloudFront does with a viewer's request where a cache behavior has a
 * viewer-request function. It is for trying out and for tests, not a CDN.
 *
 * @param {Edge} edge
 * @returns {import('node:http').Server} not yet listening
 */
export function createEdge(edge) {
  // Node.js would refuse at 16 KB and drop headers after the 2,000th: CloudFront's own limit comes
  // first.
  const activity = new Activity();
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (incoming, outgoing) => {
    if (answerStatus(incoming, outgoing, () => statusOf(edge, activity))) return;
    serveViewer(edge, activity, incoming, outgoing).catch((error) => {
      edge.log(`  the local edge failed: ${error}`);
      outgoing.destroy();
    });
  });
  server.maxHeadersCount = 0;
  server.on('clientError', answerBrokenRequest);
  return server;
}

/** @type {(edge: Edge, activity: Activity, incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>} */
async function serveViewer(edge, activity, incoming, outgoing) {
  const event = viewerRequestEvent(incoming);
  const requestId = event.Records[0]?.cf.config.requestId ?? '';
  outgoing.on('close', () => {
    const note = edge.takeNote?.(requestId) ?? null;
    const record = requestRecord(incoming, outgoing, note);
    activity.add(record);
    edge.log(requestLine(record, edge.color));
  });

  const refused = refusal(incoming);
  if (refused) return fail(edge, outgoing, refused);
  const result = await runFunction(edge.handler, event);
  if ('error' in result) return fail(edge, outgoing, result.error);
  if ('response' in result) return sendGenerated(outgoing, result.response);
  const answer = await askOrigin(edge, result.request, requestId, incoming);
  if ('error' in answer) return fail(edge, outgoing, answer.error);
  return sendFromOrigin(outgoing, answer);
}

/**
 * @param {Edge} edge
 * @param {CloudFrontRequest} request as the function returned it
 * @param {string} requestId
 * @param {IncomingMessage} incoming
 * @returns {Promise<CachedResponse | { error: EdgeError }>}
 */
async function askOrigin(edge, request, requestId, incoming) {
  const { method, uri, querystring, clientIp } = request;
  const headers = originHeaders(request.headers, clientIp, edge.forwardAuthorization ?? false);
  const body = announcesBody(incoming) ? incoming : null;
  try {
    return await edge.origin({ method, uri, querystring, headers, body, clientIp, requestId });
  } catch (error) {
    if (error instanceof FunctionFailed) return { error: error.edgeError };
    const problems = [`the origin did not answer: ${error}`];
    return { error: { status: 502, failure: 'OriginError', problems } };
  }
}

/**
 * "Request and response behavior for custom origins", HTTP request headers: Authorization is
 * dropped unless a policy forwards it, X-Forwarded-For gets the viewer's address, and
 * Accept-Encoding goes where no compression is asked for. The rest is forwarded, as the managed
 * policy AllViewerExceptHostHeader does.
 *
 * @param {CloudFrontRequest['headers']} headers
 * @param {string} clientIp
 * @param {boolean} forwardAuthorization
 * @returns {CloudFrontRequest['headers']}
 */
function originHeaders(headers, clientIp, forwardAuthorization) {
  const { authorization, host: _, 'accept-encoding': __, ...kept } = headers;
  return {
    ...kept,
    ...(authorization && forwardAuthorization ? { authorization } : {}),
    'x-forwarded-for': [...(headers['x-forwarded-for'] ?? []), { value: clientIp }],
    via: [...(headers.via ?? []), { value: '1.1 localedge.cloudfront.net (local edge)' }],
  };
}

/** @type {(edge: Edge, activity: Activity) => StatusReport} */
function statusOf({ keySets, origin }, activity) {
  const { hits, misses, ...report } = activity.report();
  const { objects, bytes } = origin.held?.() ?? { objects: null, bytes: null };
  return { ...report, keySets: keySets?.() ?? [], cache: { hits, misses, objects, bytes } };
}

/** @type {(edge: Edge, outgoing: ServerResponse, error: EdgeError) => void} */
function fail(edge, outgoing, error) {
  for (const problem of error.problems) edge.log(`  ${error.status}: ${problem}`);
  sendError(outgoing, error);
}

/**
 * What Node.js itself cannot read never becomes an event.
 *
 * @param {Error & { code?: string }} error
 * @param {import('node:stream').Duplex} socket
 */
function answerBrokenRequest(error, socket) {
  if (!socket.writable) return;
  const isTooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const status = isTooLong ? '413 Content Too Large' : '400 Bad Request';
  const problem = isTooLong
    ? 'the request is longer than CloudFront allows'
    : 'this is not a valid HTTP request; in a path, a space or `é` must be percent-encoded';
  const body = errorText(isTooLong ? 413 : 400, [problem]);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
