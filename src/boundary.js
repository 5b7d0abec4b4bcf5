// The JavaScript half of the boundary: what touches the objects themselves. A call from WebAssembly costs as much as reading
// several properties, so what a decision reads crosses in one.

'use strict';

/** @typedef {Record<string, { key?: string, value: string }[]>} Headers */
/**
 * The memory of the module. What Node.js has for its `Buffer` writes and reads texts in half the time that `TextEncoder` and
 * `TextDecoder` take, if there need not be a new one for each text.
 *
 * @typedef {object} View
 * @property {{ buffer: ArrayBuffer }} memory
 * @property {Buffer} whole all of it, to read from
 * @property {Buffer} part of it, to write into
 */

/** Stands for a length, after the last value of a header. */
const NO_MORE_VALUES = 0xffff_ffff;

/** Stands for how many bytes there are, where the request cannot be read. */
const UNREADABLE = -1;

/** As a property is that was assigned. */
const ORDINARY = { configurable: true, enumerable: true, writable: true };

/** Shorter texts are quicker to copy character by character. */
const SHORT = 40;

/** @type {unknown} why the last request that could not be read could not */
let fault;

/**
 * Writes into a part of the memory what a decision reads: method, path, query, the viewer's address if `clientIp` says so, the values
 * of each header in `read`, and which names of headers may resemble one in `identity`. Each text has its length before it, in
 * four bytes.
 *
 * It does not throw: WebAssembly would lose track of what it is doing.
 *
 * @param {any} request
 * @param {string[]} read names of headers
 * @param {string[]} identity names of headers
 * @param {boolean} clientIp
 * @param {View} view
 * @param {number} start of the part
 * @param {number} room how many bytes it has
 * @returns {number} how many bytes there are; where that is more than there is room for, what was written is no use, and
 *   that much room is enough; `UNREADABLE` for what CloudFront does not send
 */
exports.read = function (request, read, identity, clientIp, view, start, room) {
  try {
    return writeRequest(request, read, identity, clientIp, partOf(view, start, room));
  } catch (error) {
    fault = error;
    return UNREADABLE;
  }
};

/**
 * @param {{ buffer: ArrayBuffer }} memory
 * @returns {View}
 */
exports.viewOf = function (memory) {
  return { memory, whole: Buffer.alloc(0), part: Buffer.alloc(0) };
};

/**
 * The part of the memory to write into, and nothing beside it. Where memory has grown, what was there before has no length.
 *
 * @param {View} view
 * @param {number} start
 * @param {number} room
 */
function partOf(view, start, room) {
  if (view.part.length !== room || view.part.byteOffset !== start) view.part = Buffer.from(view.memory.buffer, start, room);
  return view.part;
}

/**
 * @param {View} view
 * @param {number} start
 * @param {number} length
 * @returns {string} the text there, which is UTF-8
 */
function textAt(view, start, length) {
  if (view.whole.length === 0) view.whole = Buffer.from(view.memory.buffer);
  return view.whole.toString('utf8', start, start + length);
}

/** @returns {unknown} an exception that says what CloudFront would have sent */
exports.fault = function () {
  return fault;
};

/**
 * @param {any} request
 * @param {string[]} read
 * @param {string[]} identity
 * @param {boolean} clientIp
 * @param {Buffer} bytes
 */
function writeRequest(request, read, identity, clientIp, bytes) {
  const headers = request?.headers;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new Error('`request.headers` is not an object');
  }
  // Events that are written by hand often leave out an empty query.
  const { method, uri, querystring = '' } = request;
  if (typeof method !== 'string') throw notString('method');
  if (typeof uri !== 'string') throw notString('uri');
  if (typeof querystring !== 'string') throw notString('querystring');
  let at = writeText(method, bytes, 0);
  at = writeText(uri, bytes, at);
  at = writeText(querystring, bytes, at);
  // Without one, no condition on it is met.
  at = writeText(clientIp && typeof request.clientIp === 'string' ? request.clientIp : '', bytes, at);
  for (const name of read) {
    const entries = headers[name] ?? [];
    if (!Array.isArray(entries)) throw notEntries(name);
    for (const entry of entries) {
      const value = entry?.value;
      if (typeof value !== 'string') throw notEntries(name);
      at = writeText(value, bytes, at);
    }
    at = writeLength(NO_MORE_VALUES, bytes, at);
  }
  if (identity.length > 0) {
    for (const name in headers) {
      if (mayResembleOne(name, identity)) at = writeText(name, bytes, at);
    }
  }
  return at;
}

/**
 * Whether a name of a header is as long as one of these, and ends alike. Letters count the same in either case, and
 * whatever is neither letter nor digit counts as `-`, as in `is_same_header` of the core, which compares the whole.
 *
 * @param {string} name
 * @param {string[]} names
 */
function mayResembleOne(name, names) {
  const { length } = name;
  for (const one of names) {
    if (one.length === length && folded(one.charCodeAt(length - 1)) === folded(name.charCodeAt(length - 1))) return true;
  }
  return false;
}

/** @param {number} code of a character */
function folded(code) {
  const lower = code | 0x20;
  if (lower >= 0x61 && lower <= 0x7a) return lower;
  return code >= 0x30 && code <= 0x39 ? code : 0x2d;
}

/** @param {string} name */
function notString(name) {
  return new Error(`\`request.${name}\` is not a string`);
}

/** @param {string} name */
function notEntries(name) {
  return new Error(`\`request.headers.${name}\` is not an array of {key, value}`);
}

/**
 * @param {string} text
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {number} where the text ends, or, where there is no room for it, would end at most
 */
function writeText(text, bytes, at) {
  const start = at + 4;
  let { length } = text;
  // UTF-8 needs three bytes for each code unit at most.
  const most = start + 3 * length;
  if (most > bytes.length) return most;
  if (length > SHORT || !writeAscii(text, bytes, start)) {
    length = bytes.write(text, start);
  }
  writeLength(length, bytes, at);
  return start + length;
}

/**
 * @param {string} text
 * @param {Uint8Array} bytes
 * @param {number} start
 * @returns {boolean} false where something else is in it
 */
function writeAscii(text, bytes, start) {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return false;
    bytes[start + index] = code;
  }
  return true;
}

/**
 * @param {number} length
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function writeLength(length, bytes, at) {
  bytes[at] = length;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 24;
  return at + 4;
}

/**
 * The name in the form in which V8 keeps names of properties. Any other has to be looked up each time, which takes longer than
 * setting the property.
 *
 * @param {string} name
 * @returns {string}
 */
exports.propertyName = function (name) {
  const [known = name] = Object.keys({ [name]: undefined });
  return known;
};

/**
 * @param {{ headers: Headers }} request
 * @param {string} name
 */
exports.removeHeader = function (request, name) {
  const { headers } = request;
  if (!Object.hasOwn(headers, name)) return;
  /** @type {Headers} */
  const kept = {};
  // To copy the others takes half as long as `delete`, after which V8 keeps the object in a slower form.
  for (const other in headers) {
    if (other === name) continue;
    // By assigning, it would get another prototype.
    if (other === '__proto__') Object.defineProperty(kept, other, { ...ORDINARY, value: headers[other] });
    else kept[other] = headers[other];
  }
  request.headers = kept;
};

/**
 * @param {{ headers: Headers }} request
 * @param {string} name in lower case
 * @param {View} view
 * @param {number} start of the value
 * @param {number} length
 */
exports.setHeader = function ({ headers }, name, view, start, length) {
  headers[name] = [{ key: name, value: textAt(view, start, length) }];
};

/**
 * @param {{ headers: Headers }} request
 * @param {string[]} values none takes the header out
 */
exports.setCookies = function (request, values) {
  if (values.length === 0) exports.removeHeader(request, 'cookie');
  else request.headers.cookie = values.map((value) => ({ key: 'Cookie', value }));
};

/**
 * @param {{ uri: string }} request
 * @param {string} path
 */
exports.setPath = function (request, path) {
  request.uri = path;
};

/**
 * @param {{ querystring: string }} request
 * @param {string} query
 */
exports.setQuery = function (request, query) {
  request.querystring = query;
};

/**
 * A generated response, its headers yet to be set.
 *
 * @param {string} status
 * @param {string} statusDescription
 * @param {string | undefined} body
 * @param {boolean} isBase64
 */
exports.response = function (status, statusDescription, body, isBase64) {
  return { status, statusDescription, headers: {}, body, ...(isBase64 ? { bodyEncoding: 'base64' } : {}) };
};

/**
 * Adds a line to a header of a response.
 *
 * @param {{ headers: Headers }} response
 * @param {string} name in lower case
 * @param {string} value
 */
exports.addHeader = function ({ headers }, name, value) {
  headers[name] ??= [];
  headers[name].push({ key: name, value });
};

/**
 * @param {any} request
 * @returns {string | undefined} its body, if that is shown and whole ("Include body" of the association)
 */
exports.body = function ({ body }) {
  if (typeof body?.data !== 'string' || body.inputTruncated) return undefined;
  return body.encoding === 'base64' ? Buffer.from(body.data, 'base64').toString() : body.data;
};

/**
 * @param {any} request
 * @returns {string} its `Accept`, for the form of an answer; several lines are one list (RFC 9110, section 5.3)
 */
exports.accept = function ({ headers }) {
  const { accept } = headers;
  return Array.isArray(accept) ? accept.map((entry) => entry?.value).join() : '';
};

/**
 * Keeps a text, which is then named by its number: a number crosses for less.
 *
 * @param {string[]} texts
 * @param {number} number
 * @param {string} text
 */
exports.keepText = function (texts, number, text) {
  texts[number] = text;
};

/**
 * @param {(string | null)[]} texts of `keepText`
 * @param {number} code each of these is the number of a text
 * @param {number} rule
 * @param {number} provider
 * @param {number} kid
 */
exports.forward = function (texts, code, rule, provider, kid) {
  return { kind: 'forward', code: texts[code], rule: texts[rule], provider: texts[provider], kid: texts[kid] };
};

/**
 * @param {{ claims?: Record<string, string> }} outcome
 * @param {string} name
 * @param {string} value
 */
exports.setClaim = function (outcome, name, value) {
  outcome.claims ??= {};
  outcome.claims[name] = value;
};

/**
 * @param {string} code
 * @param {string | null | undefined} rule
 * @param {string | null | undefined} provider
 * @param {string | null | undefined} kid
 * @param {number} status
 * @param {string} detail
 * @param {object} response
 */
exports.respond = function (code, rule = null, provider = null, kid = null, status, detail, response) {
  return { kind: 'respond', code, rule, provider, kid, status, detail, response };
};

/**
 * @param {string} provider
 * @param {string | null} [kid]
 */
exports.keysNeeded = function (provider, kid = null) {
  return { kind: 'keys-needed', provider, kid };
};

/** @param {string} secret */
exports.secretNeeded = function (secret) {
  return { kind: 'secret-needed', secret };
};

exports.signIn = function () {
  return { kind: 'sign-in' };
};

/**
 * @param {string} method
 * @param {string} url
 * @param {string[]} headers each name, then its value
 * @param {string} body
 */
exports.fetchRequest = function (method, url, headers, body) {
  /** @type {Record<string, string>} */
  const named = {};
  for (let at = 0; at + 1 < headers.length; at += 2) named[headers[at]] = headers[at + 1];
  return { method, url, headers: named, body };
};

/**
 * @param {object} request of `fetchRequest`
 * @param {string} [purpose]
 */
exports.fetchNeeded = function (request, purpose) {
  return { kind: 'fetch-needed', request, purpose };
};
