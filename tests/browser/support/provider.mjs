import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider as OpenIdProvider } from 'oidc-provider';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('node:test').TestContext} TestContext */
/**
 * @typedef {object} ProviderOptions
 * @property {object} client what the provider knows of the site, in words of Dynamic Client Registration
 * @property {object} [configuration] of `oidc-provider`
 * @property {(context: any, next: () => Promise<void>) => Promise<void>} [before] runs before each of its own answers
 */

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const JWK = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };

/** How long tokens live, in seconds. */
export const LIFETIME = 3600;
const DAY = 86_400;
export const TTL = {
  AccessToken: LIFETIME,
  IdToken: LIFETIME,
  RefreshToken: DAY,
  Session: DAY,
  Grant: DAY,
  Interaction: LIFETIME,
  AuthorizationCode: 60,
};

/**
 * `oidc-provider` on loopback, with a page of its own on which a person says who they are, and whether the site may know.
 *
 * @param {TestContext} t
 * @param {ProviderOptions} options
 */
export async function startProvider(t, options) {
  const provider = new Provider(options);
  await provider.start();
  t.after(() => provider.stop());
  return provider;
}

export class Provider {
  issuer = '';
  /** What it was asked: `POST /token` and so on. @type {string[]} */
  asked = [];
  /** What it has said of refresh tokens: `saved`, `consumed`, `destroyed`. @type {{ what: string, token: string }[]} */
  refreshTokens = [];
  /** Which requests are not answered: those to these paths. @type {(path: string) => boolean} */
  isDown = () => false;
  #options;
  #server = createServer((request, response) => this.#answer(request, response));
  /** @type {any} */
  #provider;

  /** @param {ProviderOptions} options */
  constructor(options) {
    this.#options = options;
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.issuer = `http://127.0.0.1:${port}`;
    const { client, configuration, before } = this.#options;
    // Ports share cookies (RFC 6265, section 8.5): two providers would end each other's sessions.
    const names = { session: `session-${port}`, interaction: `interaction-${port}`, resume: `resume-${port}` };
    const all = { ...CONFIGURATION, cookies: { keys: [secret()], names }, clients: [client], ...configuration };
    this.#provider = quietly(() => new OpenIdProvider(this.issuer, all));
    if (before !== undefined) this.#provider.use(before);
    for (const what of ['saved', 'consumed', 'destroyed']) {
      this.#provider.on(`refresh_token.${what}`, (/** @type {any} */ token) => this.refreshTokens.push({ what, token: token.jti }));
    }
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @param {string} [token] the last that was issued unless another is named */
  async isRefreshTokenGood(token = this.refreshTokens.findLast(({ what }) => what === 'saved')?.token) {
    const found = await this.#provider.RefreshToken.find(token);
    return found !== undefined && !found.consumed;
  }

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async #answer(request, response) {
    const [path] = (request.url ?? '').split('?');
    this.asked.push(`${request.method} ${path}`);
    if (this.isDown(path)) {
      request.socket.destroy();
    } else if (path.startsWith('/interaction/')) {
      // Who comes back to the page after it was sent has nothing to do there any more.
      await this.#interact(request, response).catch(() => response.writeHead(400).end('too late'));
    } else {
      this.#provider.callback()(request, response);
    }
  }

  /**
   * The page on which a person signs in, and its form.
   *
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async #interact(request, response) {
    const { params, session } = await this.#provider.interactionDetails(request, response);
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    const form = new URLSearchParams(await text(request));
    const accountId = session?.accountId ?? form.get('login');
    const grant = new this.#provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result =
      form.get('answer') === 'allow'
        ? { login: { accountId }, consent: { grantId: await grant.save() } }
        : { error: 'access_denied', error_description: 'the person said no' };
    await this.#provider.interactionFinished(request, response, result);
  }
}

const PAGE = `<!doctype html><title>provider</title><form method="post"><input name="login" value="alice">
<button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>`;

const CONFIGURATION = {
  jwks: { keys: [JWK] },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true, allowedPolicy: () => true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (/** @type {any} */ context, /** @type {string} */ form) => {
        context.body = `<!doctype html><title>sign out of the provider</title>${form}
<button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
      },
    },
  },
  findAccount: (/** @type {any} */ _, /** @type {string} */ accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (/** @type {any} */ _, /** @type {{ uid: string }} */ { uid }) => `/interaction/${uid}` },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  pkce: { required: () => true },
  ttl: TTL,
};

/**
 * It warns of what nobody should do but in tests: to keep what it knows in memory.
 *
 * @template T
 * @param {() => T} make
 * @returns {T}
 */
function quietly(make) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

function secret() {
  return randomBytes(24).toString('base64url');
}
