import { buffer } from 'node:stream/consumers';
import { selectPart } from './conditional.mjs';

/** @typedef {import('./types.d.ts').Origin} Origin */
/** @typedef {import('./types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('./types.d.ts').OriginResponse} OriginResponse */
/** @typedef {{ headers: OriginResponse['headers'], body: Buffer, until: number }} CachedObject */
/** @typedef {'path' | 'path-and-query'} CacheKey */
/** @typedef {OriginResponse & { cache: 'Hit' | 'Miss' }} CachedResponse */

export const MAX_OBJECTS = 64;
export const MAX_OBJECT_BYTES = 1024 * 1024;
/** CloudFront's default TTL is a day; someone who edits files wants to see them sooner. */
const DEFAULT_TTL_SECONDS = 60;

/**
 * A small cache in front of an origin, there to show that authorization runs on hits as well, and
 * what is in the cache key. Only whole 200 answers to GET are kept, of a known and modest size,
 * and not those that the origin calls private or that vary.
 *
 * @param {Origin} origin
 * @param {{ key?: CacheKey, now?: () => number }} [options] `now` in milliseconds
 * @returns {((request: OriginRequest) => Promise<CachedResponse>) & { held: () => { objects: number, bytes: number } }}
 */
export function cachedOrigin(origin, { key = 'path-and-query', now = Date.now } = {}) {
  /** @type {Map<string, CachedObject>} the least recently used first */
  const objects = new Map();

  const held = () => ({ objects: objects.size, bytes: [...objects.values()].reduce((sum, { body }) => sum + body.length, 0) });

  /** @type {(request: OriginRequest) => Promise<CachedResponse>} */
  const fetchThroughCache = async (request) => {
    const cacheKey = key === 'path' ? request.uri : `${request.uri}?${request.querystring}`;
    const found = objects.get(cacheKey);
    if (found && now() < found.until && ['GET', 'HEAD'].includes(request.method)) {
      objects.delete(cacheKey);
      objects.set(cacheKey, found);
      return { ...answerFrom(found, request), cache: 'Hit' };
    }
    const response = await origin(request);
    const seconds = secondsToKeep(request, response);
    if (seconds === 0) return { ...response, cache: 'Miss' };
    const body = await wholeBody(response.body);
    objects.delete(cacheKey);
    objects.set(cacheKey, { headers: response.headers, body, until: now() + seconds * 1000 });
    const [oldest] = objects.keys();
    if (objects.size > MAX_OBJECTS && oldest !== undefined) objects.delete(oldest);
    return { ...response, body, cache: 'Miss' };
  };
  return Object.assign(fetchThroughCache, { held });
}

/** @type {(object: CachedObject, request: OriginRequest) => OriginResponse} */
function answerFrom({ headers, body }, request) {
  const part = selectPart(request.headers, {
    size: body.length,
    etag: single(headers.etag),
    lastModified: single(headers['last-modified']),
  });
  const { 'content-length': _, ...kept } = headers;
  if (part.status === 304) return { status: 304, headers: kept, body: null };
  if (part.status === 416) {
    return { status: 416, headers: { 'content-range': part.contentRange }, body: null };
  }
  const { status, start, end } = part;
  if (part.status === 206) kept['content-range'] = part.contentRange;
  return {
    status,
    headers: { ...kept, 'content-length': String(end - start) },
    body: request.method === 'HEAD' ? null : body.subarray(start, end),
  };
}

/**
 * @param {OriginRequest} request
 * @param {OriginResponse} response
 * @returns {number} 0 where the answer must not be kept
 */
function secondsToKeep(request, { status, headers }) {
  if (request.method !== 'GET' || status !== 200 || headers.vary || headers['set-cookie']) return 0;
  const length = single(headers['content-length']);
  if (length === undefined || Number(length) > MAX_OBJECT_BYTES) return 0;
  const control = single(headers['cache-control']) ?? '';
  if (/\b(?:no-store|no-cache|private)\b/i.test(control)) return 0;
  const age = /\bs-maxage=(\d+)/i.exec(control) ?? /\bmax-age=(\d+)/i.exec(control);
  return age ? Number(age[1]) : DEFAULT_TTL_SECONDS;
}

/** @type {(body: OriginResponse['body']) => Promise<Buffer>} */
async function wholeBody(body) {
  if (body === null) return Buffer.alloc(0);
  return typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : buffer(body);
}

/** @type {(value: string | string[] | undefined) => string | undefined} */
function single(value) {
  return Array.isArray(value) ? value.join(', ') : value;
}
