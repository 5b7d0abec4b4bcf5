/** What the local edge reads from a viewer's HTTP message, before there is an event. */

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/**
 * RFC 9112 section 3.2.2: a server must accept a target in absolute form, as clients send it to
 * a proxy. The rest of the edge sees the path and query in it, byte for byte.
 *
 * @param {IncomingMessage} message
 * @returns {{ uri: string, querystring: string }} both raw; the query without its `?`
 */
export function requestTarget(message) {
  const target = message.url ?? '';
  const absolute = /^https?:\/\/[^/?]*(.*)$/is.exec(target);
  const [uri = '', ...query] = (absolute?.[1] ?? target).split('?');
  return { uri: absolute && uri === '' ? '/' : uri, querystring: query.join('?') };
}

/**
 * @param {IncomingMessage} message
 * @returns {boolean} RFC 9112 section 6: whether a body follows
 */
export function announcesBody({ headers }) {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * @param {IncomingMessage} message
 * @returns {number} bytes of the request line and the headers as HTTP/1.1 has them
 */
export function requestSize({ method = '', url = '', rawHeaders }) {
  let size = `${method} ${url} HTTP/1.1\r\n\r\n`.length;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    // Node.js hands header bytes over as Latin-1: a character is a byte.
    size += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`.length;
  }
  return size;
}
