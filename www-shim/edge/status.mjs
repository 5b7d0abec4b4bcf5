import { statusPage } from './status-page.mjs';
import { requestTarget } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./types.d.ts').StatusReport} StatusReport */

/**
 * Where the local edge tells how it does. No rule can be about such a path, and no request with one gets past the authorizer: a
 * `;` in a path is answered with 400 (docs/configuration.md, "Paths that are refused"). So nothing of a site is hidden by it.
 */
export const STATUS_PATH = '/;edge-authorizer';
const STATUS_JSON_PATH = `${STATUS_PATH}.json`;

/** With it a page of somebody else's cannot read the answer by a name that leads to this machine (DNS rebinding). */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?$/i;

/**
 * Answers a request for the status, as a page or as JSON. Any other is left alone.
 *
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 * @param {() => StatusReport} report
 * @returns {boolean} whether it was one
 */
export function answerStatus(incoming, outgoing, report) {
  const { uri } = requestTarget(incoming);
  if (uri !== STATUS_PATH && uri !== STATUS_JSON_PATH) return false;
  if (!LOOPBACK_HOST.test(incoming.headers.host ?? '')) {
    send(outgoing, 403, 'text/plain; charset=utf-8', 'the status is for this machine only: ask for it at 127.0.0.1\n');
  } else if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
    outgoing.setHeader('allow', 'GET, HEAD');
    send(outgoing, 405, 'text/plain; charset=utf-8', 'the status answers GET and HEAD only\n');
  } else if (uri === STATUS_JSON_PATH) {
    send(outgoing, 200, 'application/json', `${JSON.stringify(report(), null, 2)}\n`);
  } else {
    send(outgoing, 200, 'text/html; charset=utf-8', statusPage(report()));
  }
  return true;
}

/** @type {(outgoing: ServerResponse, status: number, type: string, body: string) => void} */
function send(outgoing, status, type, body) {
  outgoing.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // One style sheet, in the page; no scripts, no frames.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  outgoing.end(body);
}
