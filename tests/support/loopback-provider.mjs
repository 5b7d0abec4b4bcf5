// What every OpenID provider of tests and benchmarks is made of: where it is, what it says of itself, who was let in.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {{ nonce?: string, challenge?: string, redirectUri: string }} Grant what a code was given for */

/** On loopback, and it lets everybody in who is sent to it. What it answers is said by those that extend it. */
export class LoopbackProvider {
  issuer = '';
  /** @type {Map<string, Grant>} by code */
  #grants = new Map();
  #count = 0;
  #server = createServer((request, response) => this.answer(request, response));

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.issuer = `http://127.0.0.1:${port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * A person signs in at the URL that the edge has sent the browser to.
   *
   * @param {string} location
   * @returns {string} the path and query at which the browser comes back
   */
  letIn(location) {
    const { searchParams } = new URL(location);
    const parameter = (/** @type {string} */ name) => searchParams.get(name) ?? undefined;
    const code = `code-${(this.#count += 1)}`;
    const redirectUri = new URL(parameter('redirect_uri') ?? '');
    this.#grants.set(code, { nonce: parameter('nonce'), challenge: parameter('code_challenge'), redirectUri: redirectUri.href });
    const back = new URLSearchParams({ code, state: parameter('state') ?? '', iss: this.issuer });
    return `${redirectUri.pathname}?${back}`;
  }

  /**
   * A code is good once.
   *
   * @param {string} code
   * @returns {Grant | undefined}
   */
  redeem(code) {
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    return grant;
  }

  /** OpenID Connect Discovery 1.0, section 3. */
  metadata() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks.json`,
      authorization_response_iss_parameter_supported: true,
    };
  }

  /**
   * @param {import('node:http').IncomingMessage} _request
   * @param {import('node:http').ServerResponse} response
   * @returns {Promise<unknown>}
   */
  async answer(_request, response) {
    return response.writeHead(404).end();
  }
}
