import { MAX_REQUEST_BYTES, MAX_URL_BYTES, SUPPORTED_METHODS } from './limits.mjs';
import { announcesBody, requestSize, requestTarget } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('./answers.mjs').EdgeError} EdgeError */

/**
 * What CloudFront refuses before any function runs; "Request and response behavior for custom
 * origins" has the rules.
 *
 * @param {IncomingMessage} incoming
 * @returns {EdgeError | null}
 */
export function refusal(incoming) {
  const { method = '', url = '', headers } = incoming;
  // "Maximum length of a request and maximum length of a URL": 413, and the connection is closed.
  const urlBytes = `https://${headers.host ?? ''}${url}`.length;
  if (urlBytes > MAX_URL_BYTES) {
    return refuse(413, `the URL has ${urlBytes} bytes; the limit is ${MAX_URL_BYTES}`);
  }
  const requestBytes = requestSize(incoming);
  if (requestBytes > MAX_REQUEST_BYTES) {
    return refuse(413, `the request has ${requestBytes} bytes; the limit is ${MAX_REQUEST_BYTES}`);
  }
  if (!SUPPORTED_METHODS.has(method)) {
    return refuse(403, `CloudFront does not take the method \`${method}\``);
  }
  if (method === 'GET' && announcesBody(incoming)) {
    return refuse(403, 'a GET request must not have a body');
  }
  if (!requestTarget(incoming).uri.startsWith('/')) {
    return refuse(400, 'the path must begin with `/`');
  }
  return null;
}

/** @type {(status: number, problem: string) => EdgeError} */
function refuse(status, problem) {
  return { status, failure: 'Error', problems: [problem] };
}
