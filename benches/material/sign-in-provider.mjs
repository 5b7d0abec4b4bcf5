// An OpenID provider on loopback that lets everybody in, with the tokens of tokens.mjs.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { accessToken } from './tokens.mjs';

/** @typedef {import('./keys.mjs').SigningKey} SigningKey */

export class SignInProvider {
  issuer = '';
  /** The ID token that came with the last code. */
  token = '';
  /** @type {Map<string, string | undefined>} the nonces by code */
  #nonces = new Map();
  #key;
  #server = createServer((request, response) => this.#answer(request, response));

  /** @param {SigningKey} key */
  constructor(key) {
    this.#key = key;
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.issuer = `http://127.0.0.1:${port}`;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /**
   * Somebody signs in where the edge has sent a browser to.
   *
   * @param {string} location
   * @returns {{ uri: string, querystring: string }} where the browser comes back
   */
  letIn(location) {
    const { searchParams } = new URL(location);
    const code = randomUUID();
    this.#nonces.set(code, searchParams.get('nonce') ?? undefined);
    const state = searchParams.get('state') ?? '';
    const { pathname } = new URL(searchParams.get('redirect_uri') ?? '');
    return { uri: pathname, querystring: new URLSearchParams({ code, state, iss: this.issuer }).toString() };
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const answer = request.url === '/token' ? this.#tokens(form.get('code') ?? '') : this.#metadata();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #metadata() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks.json`,
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** @param {string} code */
  #tokens(code) {
    this.token = accessToken(this.#key, { iss: this.issuer, nonce: this.#nonces.get(code) });
    return { token_type: 'Bearer', access_token: randomUUID(), refresh_token: randomUUID(), id_token: this.token };
  }
}
