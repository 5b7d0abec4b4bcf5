import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { generateKey, publicKeySet, signToken } from '../../../www-shim/edge/development-keys.mjs';

/** @typedef {{ nonce?: string, challenge?: string, redirectUri: string }} Grant what a code was given for */

const KEY = generateKey('RS256');

/**
 * An OpenID provider on loopback, as little of one as the sign-in needs: it lets everybody in who is sent to it.
 *
 * @param {import('node:test').TestContext} t
 * @param {() => number} now seconds since 1970
 */
export async function startProvider(t, now) {
  const provider = new Provider(now);
  await provider.listen();
  t.after(() => provider.stop());
  return provider;
}

export class Provider {
  /** What it was asked: `POST /token` and so on. @type {string[]} */
  asked = [];
  /** The forms that were sent to it. @type {Record<string, string>[]} */
  forms = [];
  /** The `Authorization` headers that were sent to it. @type {(string | undefined)[]} */
  authorizations = [];
  /** How long ID tokens are valid, in seconds. */
  lifetime = 3600;
  /** The only refresh token that is taken now. */
  refreshToken = '';
  /** What happens while it is asked for tokens. */
  onTokens = () => {};
  /** Instead of an answer. @type {((response: import('node:http').ServerResponse) => void) | undefined} */
  misbehave;
  issuer = '';

  /** @type {Map<string, Grant>} */
  #grants = new Map();
  #count = 0;
  #now;
  #server = createServer((request, response) => this.#answer(request, response));

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now;
  }

  async listen() {
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
    const url = new URL(location);
    const parameter = (/** @type {string} */ name) => url.searchParams.get(name) ?? undefined;
    const code = `code-${(this.#count += 1)}`;
    const redirectUri = new URL(parameter('redirect_uri') ?? '');
    const grant = { nonce: parameter('nonce'), challenge: parameter('code_challenge'), redirectUri: redirectUri.href };
    this.#grants.set(code, grant);
    const back = new URLSearchParams({ code, state: parameter('state') ?? '', iss: this.issuer });
    return `${redirectUri.pathname}?${back}`;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    this.asked.push(`${request.method} ${request.url}`);
    if (this.misbehave !== undefined) return this.misbehave(response);
    const chunks = await request.toArray();
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const { status = 200, ...body } = this.#document(request, form);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {Record<string, string>} form
   * @returns {Record<string, any>}
   */
  #document({ url, headers }, form) {
    switch (url) {
      case '/.well-known/openid-configuration':
        return this.#metadata();
      case '/jwks.json':
        return publicKeySet(KEY);
      case '/revoke':
      case '/token':
        this.forms.push(form);
        this.authorizations.push(headers.authorization);
        if (url === '/token') this.onTokens();
        return url === '/token' ? this.#tokens(form) : {};
      default:
        return { status: 404 };
    }
  }

  #metadata() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      jwks_uri: `${issuer}/jwks.json`,
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** @param {Record<string, string>} form */
  #tokens({ grant_type, code, code_verifier, redirect_uri, refresh_token }) {
    const refused = { status: 400, error: 'invalid_grant' };
    if (grant_type === 'refresh_token') {
      return refresh_token === this.refreshToken ? this.#newTokens(undefined) : refused;
    }
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const isRight = grant !== undefined && redirect_uri === grant.redirectUri && challengeOf(code_verifier) === grant.challenge;
    return isRight ? this.#newTokens(grant.nonce) : refused;
  }

  /** @param {string | undefined} nonce */
  #newTokens(nonce) {
    const now = this.#now();
    const claims = { iss: this.issuer, aud: 'client-1', sub: 'alice', iat: now, exp: now + this.lifetime, nonce };
    this.refreshToken = `refresh-${(this.#count += 1)}-of-alice`;
    return {
      token_type: 'Bearer',
      access_token: 'opaque-access-token',
      refresh_token: this.refreshToken,
      id_token: signToken(KEY, claims),
    };
  }
}

/** @param {string} verifier */
function challengeOf(verifier) {
  return createHash('sha256').update(verifier ?? '').digest('base64url');
}
