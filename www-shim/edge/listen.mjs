/** @typedef {import('node:http').Server} Server */

const LOOPBACK = '127.0.0.1';

/**
 * Starts a server on loopback, and nowhere else.
 *
 * @param {Server} server
 * @param {number} port 0 for any free one
 * @param {string} [host] a loopback address
 * @returns {Promise<string>} the server's base URL, with the port that it really has
 * @throws {Error} where the port cannot be had
 */
export function listen(server, port, host = LOOPBACK) {
  return new Promise((resolve, reject) => {
    const refuse = (/** @type {NodeJS.ErrnoException} */ error) =>
      reject(new Error(explain(error, port)));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

/**
 * Stops a server: no new connections, and a moment for the answers that are under way.
 *
 * @param {Server} server
 * @param {number} [milliseconds]
 * @returns {Promise<void>}
 */
export function stop(server, milliseconds = 1000) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), milliseconds);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** @type {(error: NodeJS.ErrnoException, port: number) => string} */
function explain(error, port) {
  if (error.code === 'EADDRINUSE') {
    return `port ${port} is in use; stop what listens there, or choose another port`;
  }
  if (error.code === 'EACCES') return `port ${port} may not be used; choose one above 1023`;
  return `cannot listen on port ${port}: ${error.message}`;
}
