import { randomBytes } from 'node:crypto';
import { isDisallowedHeader } from './limits.mjs';
import { requestTarget } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('./types.d.ts').CloudFrontHeaders} CloudFrontHeaders */
/** @typedef {import('./types.d.ts').FunctionEvent} FunctionEvent */

/**
 * Turns an HTTP request into the event that a viewer-request function gets
 * ("Lambda@Edge event structure"). Path and query are the bytes that the viewer sent: whether
 * CloudFront normalises them for the function is not documented, so the function must cope.
 *
 * @param {IncomingMessage} message
 * @returns {FunctionEvent}
 */
export function viewerRequestEvent(message) {
  const { uri, querystring } = requestTarget(message);
  return eventOf('viewer-request', newRequestId(), {
    clientIp: message.socket.remoteAddress ?? '127.0.0.1',
    headers: exposedHeaders(message.rawHeaders),
    method: message.method ?? '',
    querystring,
    uri,
  });
}

/**
 * @param {'viewer-request' | 'origin-request'} eventType
 * @param {string} requestId the same for both events of a request
 * @param {import('./types.d.ts').CloudFrontRequest} request
 * @returns {FunctionEvent}
 */
export function eventOf(eventType, requestId, request) {
  const config = {
    distributionDomainName: 'localedge.cloudfront.net',
    distributionId: 'ELOCALEDGE',
    eventType,
    requestId,
  };
  return { Records: [{ cf: { config, request } }] };
}

/**
 * @param {string[]} rawHeaders name, value, name, value…: the only form in which Node.js keeps
 *   every repetition of a header
 * @returns {CloudFrontHeaders}
 */
function exposedHeaders(rawHeaders) {
  /** @type {Map<string, { key: string, value: string }[]>} */
  const headers = new Map();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const key = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (isDisallowedHeader(key)) continue;
    const name = key.toLowerCase();
    const entries = headers.get(name);
    if (entries) entries.push({ key, value });
    else headers.set(name, [{ key, value }]);
  }
  return Object.fromEntries(headers);
}

/** @returns {string} 56 characters in the alphabet that CloudFront's request ids use */
function newRequestId() {
  return randomBytes(40).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
