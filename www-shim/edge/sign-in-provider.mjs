import { createHash, randomBytes } from 'node:crypto';
import { signToken } from './development-keys.mjs';
import { Grants } from './grants.mjs';
import { isLoopback } from './loopback.mjs';
import { choicePage, mistakePage, signedOutPage } from './sign-in-page.mjs';

/** @typedef {import('./development-keys.mjs').DevelopmentKey} DevelopmentKey */
/** @typedef {import('./grants.mjs').Grant} Grant */
/**
 * @typedef {object} DevelopmentUser somebody who can sign in by a click
 * @property {string} title what the page calls the person
 * @property {Record<string, unknown> & { sub: string }} claims
 */
/**
 * @typedef {object} DevelopmentClient the site that is tried out, as the provider knows it
 * @property {string} clientId
 * @property {string | null} clientSecret null for a public client
 * @property {string} redirectPath
 * @property {string} afterSignOutPath
 * @property {string} audience of access tokens
 * @property {DevelopmentUser[]} users
 */
/**
 * @typedef {object} Asked a request to the provider
 * @property {URLSearchParams} parameters of the query, or of the form that was sent
 * @property {import('node:http').IncomingHttpHeaders} headers
 */
/** @typedef {{ status: number, headers?: Record<string, string>, body?: string | object }} Answered an object is sent as JSON */
/** @typedef {{ method: 'GET' | 'POST', answer: (asked: Asked) => Answered }} Route */

/** Short, so that a refresh is seen while somebody tries out: the sign-in refreshes five minutes ahead. */
const TOKEN_SECONDS = 600;

const SESSION_COOKIE = 'development-provider-session';
const MAX_SESSIONS = 100;

/** RFC 7636, section 4.2: the SHA-256 of the verifier as base64url. */
const CHALLENGE = /^[\w-]{43}$/;

/**
 * An OpenID provider for development: whoever comes is asked as whom to sign in, and nobody for a password. It keeps to
 * OpenID Connect Core 1.0, RFC 6749, RFC 7636 with S256 only, RFC 7009, RFC 9207 and OpenID Connect RP-Initiated Logout 1.0 as
 * strictly as a real one, so that what is wrong in a sign-in shows here. What it knows is in memory, and gone when it stops.
 */
export class SignInProvider {
  #issuer;
  #key;
  #client;
  #now;
  #grants;
  /** Who has signed in, by the cookie. @type {Map<string, DevelopmentUser>} */
  #sessions = new Map();

  /**
   * @param {string} issuer
   * @param {DevelopmentKey} key
   * @param {DevelopmentClient} client
   * @param {() => number} now seconds since 1970
   */
  constructor(issuer, key, client, now) {
    this.#issuer = issuer;
    this.#key = key;
    this.#client = client;
    this.#now = now;
    this.#grants = new Grants(now);
  }

  /** What its discovery document says besides where the keys are (RFC 8414, section 2). */
  metadata() {
    const at = (/** @type {string} */ path) => `${this.#issuer.replace(/\/$/, '')}${path}`;
    return {
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      revocation_endpoint: at('/revoke'),
      end_session_endpoint: at('/end-session'),
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: this.#isPublic ? ['none'] : ['client_secret_basic', 'client_secret_post'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** @returns {Record<string, Route>} by what follows the issuer's path */
  routes() {
    return {
      '/authorize': { method: 'GET', answer: (asked) => this.#authorize(asked) },
      '/token': { method: 'POST', answer: (asked) => this.#authenticated(asked, () => this.#token(asked.parameters)) },
      '/revoke': { method: 'POST', answer: (asked) => this.#authenticated(asked, () => this.#revoke(asked.parameters)) },
      '/end-session': { method: 'GET', answer: (asked) => this.#endSession(asked) },
    };
  }

  get #isPublic() {
    return this.#client.clientSecret === null;
  }

  /** @type {(asked: Asked) => Answered} OpenID Connect Core 1.0, section 3.1.2 */
  #authorize({ parameters, headers }) {
    const mistake = this.#mistakeIn(parameters);
    // RFC 6749, section 4.1.2.1: never a redirect to where nobody has said that it is theirs.
    if (mistake) return page(400, mistakePage(mistake));
    const error = requestError(parameters);
    if (error) return this.#back(parameters, error);
    if (parameters.has('deny')) return this.#back(parameters, { error: 'access_denied' });

    const prompt = parameters.get('prompt') ?? '';
    const chosen = this.#client.users.find(({ claims }) => claims.sub === parameters.get('user'));
    const known = /\b(login|select_account)\b/.test(prompt) ? undefined : this.#sessions.get(sessionId(headers) ?? '');
    const user = chosen ?? known;
    if (user) return this.#signedIn(user, parameters, chosen !== undefined);
    if (prompt === 'none') return this.#back(parameters, { error: 'login_required' });
    return page(200, choicePage(this.#client, parameters));
  }

  /** @type {(parameters: URLSearchParams) => string | null} why there is nowhere to go back to */
  #mistakeIn(parameters) {
    const { clientId, redirectPath } = this.#client;
    const [client, redirectUri] = [parameters.get('client_id'), parameters.get('redirect_uri') ?? ''];
    if (client !== clientId) return `there is no client \`${client}\` here, but \`${clientId}\``;
    if (isOurs(redirectUri, redirectPath)) return null;
    return `\`redirect_uri\` \`${redirectUri}\` is not \`${redirectPath}\` over http on loopback`;
  }

  /** @type {(user: DevelopmentUser, parameters: URLSearchParams, isNew: boolean) => Answered} */
  #signedIn(user, parameters, isNew) {
    const now = this.#now();
    const code = this.#grants.newCode({
      user,
      scope: parameters.get('scope') ?? '',
      nonce: parameters.get('nonce') ?? undefined,
      challenge: parameters.get('code_challenge') ?? '',
      redirectUri: parameters.get('redirect_uri') ?? '',
      signedInAt: Math.floor(now),
    });
    const answer = this.#back(parameters, { code });
    return isNew ? { ...answer, headers: { ...answer.headers, 'set-cookie': this.#newSession(user) } } : answer;
  }

  /** @type {(user: DevelopmentUser) => string} the `Set-Cookie` value */
  #newSession(user) {
    const id = randomBytes(18).toString('base64url');
    this.#sessions.set(id, user);
    const [oldest = ''] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(oldest);
    return this.#sessionCookie(id);
  }

  /** @type {(id: string) => string} for the issuer's path: cookies do not tell ports apart, and the site is on another port */
  #sessionCookie(id) {
    const path = new URL(this.#issuer).pathname;
    return `${SESSION_COOKIE}=${id}; Path=${path}; HttpOnly; SameSite=Lax${id === '' ? '; Max-Age=0' : ''}`;
  }

  /** @type {(parameters: URLSearchParams, answer: Record<string, string>) => Answered} RFC 6749, section 4.1.2; RFC 9207 */
  #back(parameters, answer) {
    const url = new URL(parameters.get('redirect_uri') ?? '');
    const state = parameters.get('state');
    const all = { ...answer, ...(state === null ? {} : { state }), iss: this.#issuer };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    return { status: 303, headers: { location: url.href } };
  }

  /** @type {(asked: Asked, answer: () => Answered) => Answered} RFC 6749, section 2.3.1 */
  #authenticated({ parameters, headers }, answer) {
    const { clientId, clientSecret } = this.#client;
    const { id, secret } = basicCredentials(headers) ?? {
      id: parameters.get('client_id'),
      secret: parameters.get('client_secret'),
    };
    if (id === clientId && secret === clientSecret) return answer();
    return { status: 401, headers: { 'www-authenticate': 'Basic' }, body: { error: 'invalid_client' } };
  }

  /** @type {(parameters: URLSearchParams) => Answered} RFC 6749, sections 4.1.3 and 6 */
  #token(parameters) {
    switch (parameters.get('grant_type')) {
      case 'authorization_code': {
        const grant = this.#grants.takeCode(parameters.get('code') ?? '');
        const isTheirs =
          grant?.redirectUri === parameters.get('redirect_uri') &&
          grant?.challenge === challengeOf(parameters.get('code_verifier') ?? '');
        return grant && isTheirs ? this.#tokens(grant, grant.nonce) : refused('invalid_grant');
      }
      case 'refresh_token': {
        const grant = this.#grants.takeRefreshToken(parameters.get('refresh_token') ?? '');
        return grant ? this.#tokens(grant, undefined) : refused('invalid_grant');
      }
      default:
        return refused('unsupported_grant_type');
    }
  }

  /** @type {(grant: Grant, nonce: string | undefined) => Answered} RFC 6749, section 5.1; OpenID Connect Core 1.0, section 2 */
  #tokens(grant, nonce) {
    const { clientId, audience } = this.#client;
    const { user, scope, signedInAt } = grant;
    const iat = Math.floor(this.#now());
    const common = { ...user.claims, iss: this.#issuer, iat, exp: iat + TOKEN_SECONDS };
    const jti = randomBytes(12).toString('base64url');
    const id = { ...common, aud: clientId, auth_time: signedInAt, nonce };
    // RFC 9068, sections 2.1 and 2.2.
    const access = { ...common, aud: audience, client_id: clientId, scope, jti };
    const body = {
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      scope,
      id_token: signToken(this.#key, id),
      access_token: signToken(this.#key, access, 'at+jwt'),
      refresh_token: this.#grants.newRefreshToken(grant),
    };
    return { status: 200, body };
  }

  /** @type {(parameters: URLSearchParams) => Answered} RFC 7009, section 2.2: 200, whether it was known or not */
  #revoke(parameters) {
    this.#grants.revoke(parameters.get('token') ?? '');
    return { status: 200 };
  }

  /** @type {(asked: Asked) => Answered} OpenID Connect RP-Initiated Logout 1.0, section 2 */
  #endSession({ parameters, headers }) {
    this.#sessions.delete(sessionId(headers) ?? '');
    const cookie = { 'set-cookie': this.#sessionCookie('') };
    const after = parameters.get('post_logout_redirect_uri');
    if (after === null) return page(200, signedOutPage(), cookie);
    if (isOurs(after, this.#client.afterSignOutPath)) return { status: 303, headers: { ...cookie, location: after } };
    const wanted = `\`${this.#client.afterSignOutPath}\` over http on loopback`;
    return page(400, mistakePage(`\`post_logout_redirect_uri\` \`${after}\` is not ${wanted}`), cookie);
  }
}

/**
 * Whichever port the site listens on (RFC 8252, section 7.3), but on loopback, and this very path.
 *
 * @type {(uri: string, path: string) => boolean}
 */
function isOurs(uri, path) {
  return isLoopback(uri) && uri === new URL(uri).origin + path;
}

/** @type {(parameters: URLSearchParams) => { error: string, error_description: string } | null} RFC 6749, section 4.1.2.1 */
function requestError(parameters) {
  const wrong = (/** @type {string} */ text, error = 'invalid_request') => ({ error, error_description: text });
  for (const name of new Set(parameters.keys())) {
    if (parameters.getAll(name).length > 1) return wrong(`${name} is there more than once`);
  }
  if (parameters.get('response_type') !== 'code') return wrong('it has to be code', 'unsupported_response_type');
  const scopes = (parameters.get('scope') ?? '').split(' ');
  if (!scopes.includes('openid')) return wrong('openid has to be in it', 'invalid_scope');
  if (parameters.get('code_challenge_method') !== 'S256') return wrong('code_challenge_method has to be S256');
  if (!CHALLENGE.test(parameters.get('code_challenge') ?? '')) return wrong('code_challenge has to be one of S256');
  return null;
}

/** @type {(headers: Asked['headers']) => { id: string, secret: string } | null} RFC 6749, section 2.3.1: both are encoded as in forms */
function basicCredentials({ authorization }) {
  const encoded = /^Basic ([\w+/]+=*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  const decode = (/** @type {string} */ text) => new URLSearchParams(`a=${text}`).get('a') ?? '';
  return { id: decode(id), secret: decode(secret) };
}

/** @type {(headers: Asked['headers']) => string | undefined} */
function sessionId({ cookie = '' }) {
  const pair = cookie.split('; ').find((one) => one.startsWith(`${SESSION_COOKIE}=`));
  return pair?.slice(SESSION_COOKIE.length + 1);
}

/** @type {(verifier: string) => string} */
function challengeOf(verifier) {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** @type {(error: string) => Answered} RFC 6749, section 5.2 */
function refused(error) {
  return { status: 400, body: { error } };
}

/** @type {(status: number, page: import('./sign-in-page.mjs').Page, headers?: Record<string, string>) => Answered} */
function page(status, { html, policy }, headers = {}) {
  const own = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  return { status, headers: { ...headers, ...own }, body: html };
}
