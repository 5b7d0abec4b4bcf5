// An OpenID provider on loopback that lets everybody in, with the tokens of tokens.mjs.

import { randomUUID } from 'node:crypto';

import { LoopbackProvider } from '../../tests/support/loopback-provider.mjs';
import { accessToken } from './tokens.mjs';

/** @typedef {import('./keys.mjs').SigningKey} SigningKey */

export class SignInProvider extends LoopbackProvider {
  /** The ID token that came with the last code. */
  token = '';
  #key;

  /** @param {SigningKey} key */
  constructor(key) {
    super();
    this.#key = key;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async answer(request, response) {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const answer = request.url === '/token' ? this.#tokens(form.get('code') ?? '') : this.metadata();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  /** @param {string} code */
  #tokens(code) {
    this.token = accessToken(this.#key, { iss: this.issuer, nonce: this.redeem(code)?.nonce });
    return { token_type: 'Bearer', access_token: randomUUID(), refresh_token: randomUUID(), id_token: this.token };
  }
}
