import { connect } from 'node:net';

/**
 * Sends bytes to a server as they are, which no HTTP client does, and reads one whole answer.
 *
 * @param {string} base the server's URL
 * @param {string | string[]} lines the request; lines are joined by CRLF and end with an empty one
 * @param {string} [body]
 * @returns {Promise<{ status: number, headers: Record<string, string>, body: string }>}
 */
export function sendRaw(base, lines, body = '') {
  const { hostname, port } = new URL(base);
  const head = [lines].flat().join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    /** @type {Buffer[]} */
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => resolve(parse(Buffer.concat(chunks).toString('latin1'))));
    socket.write(Buffer.from(`${head}\r\nConnection: close\r\n\r\n${body}`, 'latin1'));
  });
}

/**
 * @param {string} text
 * @returns {{ status: number, headers: Record<string, string>, body: string }}
 */
function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
