import { eventOf } from './event.mjs';
import { MAX_SHOWN_BODY_BYTES } from './limits.mjs';
import { runFunction } from './run-function.mjs';

/** @typedef {import('./answers.mjs').EdgeError} EdgeError */
/** @typedef {import('./types.d.ts').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('./types.d.ts').CustomOrigin} CustomOrigin */
/** @typedef {import('./types.d.ts').FunctionEvent} FunctionEvent */
/** @typedef {import('./types.d.ts').Handler} Handler */
/** @typedef {import('./types.d.ts').Origin} Origin */
/** @typedef {import('./types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('./types.d.ts').OriginResponse} OriginResponse */

/** What CloudFront would answer where the function fails. */
export class FunctionFailed extends Error {
  /** @param {EdgeError} edgeError */
  constructor(edgeError) {
    super(edgeError.problems.join('; '));
    this.edgeError = edgeError;
  }
}

/**
 * An origin with an origin-request function before it, which is associated with "Include Body". It
 * runs where the cache has no answer, and what it generates goes into the cache.
 *
 * @param {Handler} handler
 * @param {Origin & { described: CustomOrigin }} origin
 * @returns {Origin}
 */
export function originWithFunction(handler, origin) {
  return async (request) => {
    const body = await wholeBody(request.body);
    const result = await runFunction(handler, originRequestEvent(request, origin.described, body));
    if ('error' in result) throw new FunctionFailed(result.error);
    if ('response' in result) return generated(result.response);
    const { method, uri, querystring, headers } = result.request;
    return origin({ ...request, method, uri, querystring, headers, body });
  };
}

/** @type {(request: OriginRequest, origin: CustomOrigin, body: Buffer | null) => FunctionEvent} */
function originRequestEvent(request, origin, body) {
  const { method, uri, querystring, clientIp = '127.0.0.1', requestId } = request;
  const headers = { ...request.headers, host: [{ key: 'Host', value: origin.domainName }] };
  const shown = body && {
    action: /** @type {const} */ ('read-only'),
    data: body.subarray(0, MAX_SHOWN_BODY_BYTES).toString('base64'),
    encoding: 'base64',
    inputTruncated: body.length > MAX_SHOWN_BODY_BYTES,
  };
  return eventOf('origin-request', requestId, {
    ...{ clientIp, headers, method, querystring, uri, origin: { custom: origin } },
    ...(shown ? { body: shown } : {}),
  });
}

/** @type {(body: OriginRequest['body']) => Promise<Buffer | null>} */
async function wholeBody(body) {
  if (body === null || Buffer.isBuffer(body)) return body;
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** @type {(response: CloudFrontResponse) => OriginResponse} already validated */
function generated({ status, headers = {}, body = '', bodyEncoding = 'text' }) {
  const content = Buffer.from(body, bodyEncoding === 'base64' ? 'base64' : 'utf8');
  const values = Object.entries(headers).map(([name, entries]) => [
    name,
    entries.map(({ value }) => value).join(', '),
  ]);
  return {
    status: Number(status),
    headers: { ...Object.fromEntries(values), 'content-length': String(content.length) },
    body: content,
  };
}
