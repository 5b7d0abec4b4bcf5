import { STATUS_CODES } from 'node:http';
import { pipeline } from 'node:stream';

/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./types.d.ts').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('./types.d.ts').OriginResponse} OriginResponse */
/**
 * @typedef {object} EdgeError an error that CloudFront itself would answer
 * @property {number} status
 * @property {string} failure what failed, as `x-cache` names it
 * @property {string[]} problems
 */

/**
 * Sends what the handler generated.
 *
 * @param {ServerResponse} outgoing
 * @param {CloudFrontResponse} response already validated
 */
export function sendGenerated(outgoing, response) {
  const { status, statusDescription, headers = {}, body = '', bodyEncoding = 'text' } = response;
  outgoing.statusCode = Number(status);
  outgoing.statusMessage = statusDescription || STATUS_CODES[Number(status)] || '';
  for (const [name, entries] of Object.entries(headers)) {
    for (const { key, value } of entries) outgoing.appendHeader(key ?? name, value);
  }
  outgoing.setHeader('x-cache', 'LambdaGeneratedResponse from local edge');
  outgoing.end(Buffer.from(body, bodyEncoding === 'base64' ? 'base64' : 'utf8'));
}

/**
 * Sends what the origin, or the cache in front of it, answered.
 *
 * @param {ServerResponse} outgoing
 * @param {OriginResponse & { cache: 'Hit' | 'Miss' }} response
 */
export function sendFromOrigin(outgoing, { status, headers, body, cache }) {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.setHeader('x-cache', `${cache} from local edge`);
  if (body === null || typeof body === 'string' || Buffer.isBuffer(body)) {
    outgoing.end(body ?? undefined);
    return;
  }
  // Too late for an error page: a broken connection tells the viewer that the body is incomplete.
  pipeline(body, outgoing, (error) => error && outgoing.destroy());
}

/**
 * Sends the page of an error, with a plain explanation in the place of CloudFront's general one.
 *
 * @param {ServerResponse} outgoing
 * @param {EdgeError} error
 */
export function sendError(outgoing, { status, failure, problems }) {
  outgoing.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-cache': `${failure} from local edge`,
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  outgoing.end(errorText(status, problems));
}

/**
 * @param {number} status
 * @param {string[]} problems
 * @returns {string}
 */
export function errorText(status, problems) {
  const lines = problems.map((problem) => `- ${problem}\n`).join('');
  return `${status} ${STATUS_CODES[status] ?? ''}, from the local edge\n\n${lines}`;
}
