/**
 * Conditional and range requests against a representation whose size and validators are known
 * (RFC 9110 sections 13 and 14), shared by the folder origin and the cache.
 */

/** @typedef {import('./types.d.ts').CloudFrontHeaders} CloudFrontHeaders */
/** @typedef {{ size: number, etag?: string, lastModified?: string }} Representation */
/** @typedef {{ status: 200, start: number, end: number }} Whole */
/** @typedef {{ status: 206, start: number, end: number, contentRange: string }} Part */
/** @typedef {{ status: 304 }} NotModified */
/** @typedef {{ status: 416, contentRange: string }} Unsatisfiable */

/**
 * @param {CloudFrontHeaders} headers the request's headers
 * @param {Representation} representation
 * @returns {Whole | Part | NotModified | Unsatisfiable} what to send; `end` is exclusive
 */
export function selectPart(headers, representation) {
  const { size } = representation;
  const whole = /** @type {Whole} */ ({ status: 200, start: 0, end: size });
  if (isNotModified(headers, representation)) return { status: 304 };
  const range = headerValue(headers, 'range');
  if (range === null || !rangeApplies(headers, representation)) return whole;
  return parseRange(range, size) ?? whole;
}

/**
 * @param {CloudFrontHeaders} headers
 * @param {string} name
 * @returns {string | null} the header's values as one list
 */
export function headerValue(headers, name) {
  const entries = headers[name];
  return entries && entries.length > 0 ? entries.map(({ value }) => value).join(', ') : null;
}

/** @type {(headers: CloudFrontHeaders, representation: Representation) => boolean} */
function isNotModified(headers, { etag, lastModified }) {
  // RFC 9110 section 13.2.2: If-Modified-Since counts only without If-None-Match.
  const noneMatch = headerValue(headers, 'if-none-match');
  if (noneMatch !== null) {
    if (noneMatch.trim() === '*') return true;
    if (etag === undefined) return false;
    return noneMatch.split(',').some((tag) => opaqueTag(tag) === opaqueTag(etag));
  }
  const since = Date.parse(headerValue(headers, 'if-modified-since') ?? '');
  return lastModified !== undefined && Date.parse(lastModified) <= since;
}

/** @type {(headers: CloudFrontHeaders, representation: Representation) => boolean} */
function rangeApplies(headers, { etag, lastModified }) {
  const condition = headerValue(headers, 'if-range');
  return condition === null || condition === etag || condition === lastModified;
}

/**
 * One byte range; several, or another unit, are ignored as RFC 9110 section 14.2 allows.
 *
 * @param {string} range
 * @param {number} size
 * @returns {Part | Unsatisfiable | null}
 */
function parseRange(range, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= end) return { status: 416, contentRange: `bytes */${size}` };
  return { status: 206, start, end, contentRange: `bytes ${start}-${end - 1}/${size}` };
}

/** @type {(tag: string) => string} */
function opaqueTag(tag) {
  return tag.trim().replace(/^W\//, '');
}
