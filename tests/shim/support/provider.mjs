import { createHash } from 'node:crypto';
import { generateKey, publicKeySet, signToken } from '../../../www-shim/edge/development-keys.mjs';
import { LoopbackProvider } from '../../support/loopback-provider.mjs';

const KEY = generateKey('RS256');

/**
 * An OpenID provider on loopback, as little of one as the sign-in needs: it lets everybody in who is sent to it.
 *
 * @param {import('node:test').TestContext} t
 * @param {() => number} now seconds since 1970
 */
export async function startProvider(t, now) {
  const provider = new Provider(now);
  await provider.start();
  t.after(() => provider.stop());
  return provider;
}

export class Provider extends LoopbackProvider {
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

  #count = 0;
  #now;

  /** @param {() => number} now */
  constructor(now) {
    super();
    this.#now = now;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async answer(request, response) {
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
        return { ...this.metadata(), revocation_endpoint: `${this.issuer}/revoke`, end_session_endpoint: `${this.issuer}/logout` };
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

  /** @param {Record<string, string>} form */
  #tokens({ grant_type, code, code_verifier, redirect_uri, refresh_token }) {
    const refused = { status: 400, error: 'invalid_grant' };
    if (grant_type === 'refresh_token') {
      return refresh_token === this.refreshToken ? this.#newTokens(undefined) : refused;
    }
    const grant = this.redeem(code);
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
