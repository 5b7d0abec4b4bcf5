import { createServer } from 'node:net';

/**
 * @returns {Promise<number>} a port on loopback that was free a moment ago, for a server whose
 *   address has to be known before it starts
 */
export function freePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
