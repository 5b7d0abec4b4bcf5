import { createServer } from 'node:http';

/**
 * What stands for a distribution: a server on this machine that gives every request the same status.
 *
 * @param {import('node:test').TestContext} t
 * @param {number} status
 * @returns {Promise<{ url: string, asked: string[] }>} `asked`: the paths of the requests
 */
export async function viewers(t, status) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    response.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, asked };
}
