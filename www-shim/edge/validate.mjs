import {
  MAX_GENERATED_RESPONSE_BYTES,
  MAX_REQUEST_BYTES,
  READ_ONLY_HEADERS,
  isDisallowedHeader,
} from './limits.mjs';

/** @typedef {import('./types.d.ts').CloudFrontHeaders} CloudFrontHeaders */
/** @typedef {import('./types.d.ts').CloudFrontRequest} CloudFrontRequest */
/** @typedef {'viewer-request' | 'origin-request'} Stage */

// RFC 9110 section 5.6.2 (token) and section 5.5 (field values are bytes, without control
// characters); RFC 3986 section 2: a URI is printable ASCII.
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
const UNSAFE_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;
const UNSAFE_IN_TARGET = /[^\x21-\x7e]/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Judges what a viewer-request function answered as CloudFront judges it: whatever is named here
 * makes CloudFront answer 502 to the viewer.
 *
 * @param {CloudFrontRequest} original the request as the function got it
 * @param {unknown} result what the function returned, after the way through JSON
 * @returns {string[]} the problems; none where CloudFront would accept the answer
 */
export function validateViewerRequestResult(original, result) {
  return resultProblems('viewer-request', original, result);
}

/**
 * The same for an origin-request function.
 *
 * @param {CloudFrontRequest} original
 * @param {unknown} result
 * @returns {string[]}
 */
export function validateOriginRequestResult(original, result) {
  return resultProblems('origin-request', original, result);
}

/** @type {(stage: Stage, original: CloudFrontRequest, result: unknown) => string[]} */
function resultProblems(stage, original, result) {
  if (!isObject(result)) {
    return [`the function must return a request or a response object, not \`${kindOf(result)}\``];
  }
  if (isResponse(result)) return responseProblems(stage, result);
  if ('statusCode' in result) {
    return ['`statusCode` is for API Gateway; a CloudFront response has `status`'];
  }
  return requestProblems(stage, original, result);
}

/**
 * @param {unknown} result
 * @returns {boolean} whether CloudFront takes this for a generated response: `status` is the only
 *   required field of one ("Generate HTTP responses in request triggers")
 */
export function isResponse(result) {
  return isObject(result) && 'status' in result;
}

/**
 * "Lambda@Edge event structure", request event: which fields can be changed and how.
 *
 * @param {Stage} stage
 * @param {CloudFrontRequest} original
 * @param {Record<string, unknown>} request
 * @returns {string[]}
 */
function requestProblems(stage, original, request) {
  return [
    ...unchanged('method', original.method, request.method),
    ...unchanged('clientIp', original.clientIp, request.clientIp),
    ...(request.uri === original.uri ? [] : uriProblems(request.uri)),
    ...querystringProblems(original.querystring, request.querystring),
    ...originProblems(stage, original, request),
    ...('body' in request && !('body' in original)
      ? ['`body` can be set only where Include Body is on']
      : []),
    ...headersShapeProblems(request.headers),
    ...protectedHeaderProblems(stage, original.headers, request.headers),
    ...(stage === 'viewer-request' ? requestSizeProblems(request) : []),
  ];
}

/**
 * @param {Stage} stage
 * @param {CloudFrontRequest} original
 * @param {Record<string, unknown>} request
 * @returns {string[]}
 */
function originProblems(stage, original, request) {
  if (stage === 'viewer-request') {
    return 'origin' in request ? ['`origin` can be set in origin-request events only'] : [];
  }
  // "A header name may be in customHeaders or in the request's headers, but not in both."
  const origin = /** @type {any} */ (request.origin);
  const custom = Object.keys((origin?.custom ?? origin?.s3)?.customHeaders ?? {});
  const twice = custom.filter((name) => isObject(request.headers) && name in request.headers);
  return [
    ...('origin' in original && !isObject(request.origin) ? ['`origin` is missing'] : []),
    ...twice.map((name) => `header \`${name}\` is among the origin's custom headers as well`),
  ];
}

/**
 * "Generate HTTP responses in request triggers".
 *
 * @param {Stage} stage
 * @param {Record<string, unknown>} response
 * @returns {string[]}
 */
function responseProblems(stage, response) {
  const headers = response.headers ?? {};
  return [
    ...statusProblems(response.status),
    ...statusDescriptionProblems(response.statusDescription),
    ...bodyProblems(response),
    ...headersShapeProblems(headers),
    ...protectedHeaderProblems(stage, {}, headers),
    ...sizeProblems(stage, response),
  ];
}

/** @type {(name: string, before: unknown, after: unknown) => string[]} */
function unchanged(name, before, after) {
  if (after === before) return [];
  return [`\`${name}\` is read-only: it was ${show(before)} and became ${show(after)}`];
}

/** @type {(uri: unknown) => string[]} */
function uriProblems(uri) {
  if (typeof uri !== 'string') return [`\`uri\` must be a string, not ${show(uri)}`];
  if (!uri.startsWith('/')) return ['`uri` must begin with `/`'];
  if (uri.includes('?')) return ['`uri` must not hold a `?`; the query goes into `querystring`'];
  if (UNSAFE_IN_TARGET.test(uri)) return ['`uri` holds a character that must be percent-encoded'];
  return [];
}

/** @type {(before: string, querystring: unknown) => string[]} */
function querystringProblems(before, querystring) {
  if (querystring === before) return [];
  if (typeof querystring !== 'string') {
    return [`\`querystring\` must be a string, not ${show(querystring)}`];
  }
  if (UNSAFE_IN_TARGET.test(querystring)) {
    return ['`querystring` holds a character that must be percent-encoded'];
  }
  return [];
}

/** @type {(status: unknown) => string[]} */
function statusProblems(status) {
  const text = typeof status === 'number' ? String(status) : status;
  if (typeof text !== 'string' || !/^[2-5][0-9]{2}$/.test(text)) {
    return [`\`status\` must be from 200 to 599, not ${show(status)}`];
  }
  return [];
}

/** @type {(description: unknown) => string[]} */
function statusDescriptionProblems(description) {
  if (description === undefined) return [];
  if (typeof description !== 'string') return ['`statusDescription` must be a string'];
  if (UNSAFE_IN_HEADER.test(description)) {
    return ['`statusDescription` holds a character that a status line cannot have'];
  }
  return [];
}

/** @type {(response: Record<string, unknown>) => string[]} */
function bodyProblems({ status, body, bodyEncoding }) {
  const problems = [];
  if (bodyEncoding !== undefined && bodyEncoding !== 'text' && bodyEncoding !== 'base64') {
    problems.push(`\`bodyEncoding\` must be \`text\` or \`base64\`, not ${show(bodyEncoding)}`);
  }
  if (body === undefined) return problems;
  if (typeof body !== 'string') return [...problems, '`body` must be a string'];
  if (bodyEncoding === 'base64' && !BASE64.test(body)) {
    problems.push('`body` is not base64, as `bodyEncoding` says');
  }
  if (String(status) === '204' && body !== '') {
    problems.push('a response with status 204 must not have a body');
  }
  return problems;
}

/** @type {(stage: Stage, response: Record<string, unknown>) => string[]} */
function sizeProblems(stage, { headers, body }) {
  const size = byteLength(body) + headersSize(headers);
  const limit = MAX_GENERATED_RESPONSE_BYTES[stage];
  if (size <= limit) return [];
  return [`the generated response has ${size} bytes with its headers; the limit is ${limit}`];
}

/**
 * "Quotas": whether the limit of a viewer's request holds for an edited one, too, is not documented; what is longer would
 * be refused by many an origin.
 *
 * @param {Record<string, unknown>} request
 * @returns {string[]}
 */
function requestSizeProblems({ method, uri, querystring, headers }) {
  const line = byteLength(method) + byteLength(uri) + byteLength(querystring) + ' ? HTTP/1.1\r\n'.length;
  const size = line + headersSize(headers);
  if (size <= MAX_REQUEST_BYTES) return [];
  return [`the request has ${size} bytes with its headers; the limit is ${MAX_REQUEST_BYTES}`];
}

/**
 * @param {unknown} headers
 * @returns {number} bytes on the wire: `name: value` and a line end for each entry
 */
function headersSize(headers) {
  if (!isObject(headers)) return 0;
  let size = 0;
  for (const [name, entries] of Object.entries(headers)) {
    if (!Array.isArray(entries)) continue;
    for (const entry of entries) size += byteLength(name) + byteLength(entry?.value) + 4;
  }
  return size;
}

/**
 * "Lambda@Edge event structure": an object of arrays; keys are lower-case; `key`, where present,
 * is the same name in any case.
 *
 * @param {unknown} headers
 * @returns {string[]}
 */
function headersShapeProblems(headers) {
  if (!isObject(headers)) return [`\`headers\` must be an object, not ${show(headers)}`];
  return Object.entries(headers).flatMap(([name, entries]) => {
    if (!HEADER_NAME.test(name)) return [`${show(name)} is not a header name`];
    if (name !== name.toLowerCase()) return [`header name \`${name}\` must be lower-case`];
    if (!Array.isArray(entries)) return [`header \`${name}\` must be an array of values`];
    return entries.flatMap((entry) => headerEntryProblems(name, entry));
  });
}

/** @type {(name: string, entry: unknown) => string[]} */
function headerEntryProblems(name, entry) {
  if (!isObject(entry)) return [`header \`${name}\` must hold objects with a \`value\``];
  const { key, value } = entry;
  if (key !== undefined && (typeof key !== 'string' || key.toLowerCase() !== name)) {
    return [`header \`${name}\` has a \`key\` of another name`];
  }
  if (typeof value !== 'string') return [`header \`${name}\` must have a string as \`value\``];
  if (UNSAFE_IN_HEADER.test(value)) {
    return [`header \`${name}\` holds a character that a header cannot have`];
  }
  return [];
}

/**
 * "Restrictions on edge functions": disallowed headers can't be added; read-only ones can't be
 * added, changed or removed. Values stay out of the messages: they may be secrets.
 *
 * @param {Stage} stage
 * @param {CloudFrontHeaders} before
 * @param {unknown} after
 * @returns {string[]}
 */
function protectedHeaderProblems(stage, before, after) {
  if (!isObject(after)) return [];
  const problems = [];
  for (const name of Object.keys(after)) {
    if (isDisallowedHeader(name) && valuesOf(before, name) !== valuesOf(after, name)) {
      problems.push(`header \`${name}\` is disallowed: a function must not add or change it`);
    }
  }
  for (const name of READ_ONLY_HEADERS[stage]) {
    if (valuesOf(before, name) !== valuesOf(after, name)) {
      problems.push(`header \`${name}\` is read-only at ${stage}`);
    }
  }
  return problems;
}

/**
 * @param {Record<string, unknown>} headers
 * @param {string} name
 * @returns {string} the header's values in a form to compare
 */
function valuesOf(headers, name) {
  const values = Object.entries(headers)
    .filter(([other]) => other.toLowerCase() === name.toLowerCase())
    .flatMap(([, entries]) => (Array.isArray(entries) ? entries : [entries]))
    .map((entry) => (isObject(entry) ? entry.value : entry));
  return JSON.stringify(values);
}

/** @type {(value: unknown) => value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @type {(value: unknown) => number} */
function byteLength(value) {
  return typeof value === 'string' ? Buffer.byteLength(value) : 0;
}

/** @type {(value: unknown) => string} */
function kindOf(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** @type {(value: unknown) => string} */
function show(value) {
  const isShort = typeof value === 'string' || typeof value === 'number';
  return isShort ? `\`${JSON.stringify(value).slice(0, 80)}\`` : `\`${kindOf(value)}\``;
}
