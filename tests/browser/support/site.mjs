import { createServer as createTlsServer } from 'node:tls';
import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { createEdge } from '../../../www-shim/edge/server.mjs';
import { isResponse } from '../../../www-shim/edge/validate.mjs';
import { within } from '../../shim/support/within.mjs';
import { CERTIFICATE, DOMAIN } from './chromium.mjs';
import { originAnswer } from './origin.mjs';

/** @typedef {import('../../../www-shim/edge/types.d.ts').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('../../../www-shim/edge/types.d.ts').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('../../../www-shim/edge/types.d.ts').Handler} Handler */
/** @typedef {import('../../../www-shim/edge/types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('node:test').TestContext} TestContext */
/**
 * @typedef {object} Seen a request, and what the function answered
 * @property {string} method
 * @property {string} url path and query
 * @property {Record<string, string>} headers
 * @property {number} status 200 where the request went on to the origin
 * @property {boolean} forwarded
 * @property {Record<string, string[]>} answered the headers of the answer
 */
/** @typedef {{ body: string, headers?: Record<string, string | string[]> }} GivenPage */

/** The site's own host, one beside it in the same domain, and one that has nothing to do with it. */
const HOSTS = { site: `images.${DOMAIN}`, sibling: `sibling.${DOMAIN}`, elsewhere: 'elsewhere.test' };

/**
 * Browsers ask for it beside a page that names no icon, when they like, even after the next page. A test cannot wait for it, so that
 * it would find these requests and their decisions, or not.
 */
const ICON = '/favicon.ico';

/**
 * The local edge with a handler, over https, at `images.site.test`. The other hosts serve whatever page a test gives them.
 *
 * @param {TestContext} t
 * @param {Handler} handler
 */
export async function startSite(t, handler) {
  const site = new Site(handler);
  await site.start();
  t.after(() => site.stop());
  return site;
}

export class Site {
  /** `https://images.site.test:port`, and the others. */
  url = '';
  sibling = '';
  elsewhere = '';
  /** The same edge over http, as `edge-authorizer serve` has it. */
  plainUrl = '';
  /** @type {Seen[]} */
  seen = [];
  /** What the origin was asked for. @type {OriginRequest[]} */
  originRequests = [];
  /** What the edge says of requests that CloudFront would not take, and of answers. @type {string[]} */
  problems = [];
  /** Answers in the function's place. @type {(request: CloudFrontRequest) => CloudFrontResponse | undefined} */
  intercept = () => undefined;
  /** Which cookies that the function sets do not get to the browser. @type {(cookie: string) => boolean} */
  dropCookies = () => false;
  /** Another name by which browsers get to the edge. */
  alias = '';
  /** What the other hosts answer, and the origin at `/public/`. @type {GivenPage} */
  page = { body: '' };
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #news = new EventEmitter();
  #handler;
  #edge;
  #neighbours = createServer((_, response) => {
    const { status, headers, body } = pageAnswer(this.page);
    response.writeHead(status, headers).end(body);
  });
  #tls = createTlsServer(CERTIFICATE, (socket) => {
    const { servername } = /** @type {any} */ (socket);
    const server = [HOSTS.site, this.alias].includes(servername) ? this.#edge : this.#neighbours;
    server.emit('connection', socket);
  });

  /** @param {Handler} handler */
  constructor(handler) {
    this.#handler = handler;
    this.#edge = createEdge({
      handler: (event, context) => this.#decide(event, context),
      origin: async (request) => {
        this.originRequests.push(request);
        const answer = request.uri.startsWith('/public/') ? pageAnswer(this.page) : originAnswer(request);
        return { ...answer, cache: 'Miss' };
      },
      log: (line) => void (line.startsWith('  ') && this.problems.push(line)),
    });
  }

  async start() {
    this.#tls.on('connection', (/** @type {import('node:net').Socket} */ socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#edge.listen(0, '127.0.0.1');
    this.#tls.listen(0, '127.0.0.1');
    await Promise.all([once(this.#edge, 'listening'), once(this.#tls, 'listening')]);
    const port = portOf(this.#tls);
    this.url = `https://${HOSTS.site}:${port}`;
    this.sibling = `https://${HOSTS.sibling}:${port}`;
    this.elsewhere = `https://${HOSTS.elsewhere}:${port}`;
    this.plainUrl = `http://localhost:${portOf(this.#edge)}`;
  }

  async stop() {
    this.#edge.closeAllConnections();
    // Browsers open connections before they need them.
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([this.#edge, this.#tls].map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /**
   * The requests for a path, in their order.
   *
   * @param {string} path
   */
  requestsFor(path) {
    return this.seen.filter(({ url }) => url.split('?')[0] === path);
  }

  /**
   * The first request for a path, where the browser sends it when it likes.
   *
   * @param {string} path
   * @returns {Promise<Seen>}
   */
  nextRequestFor(path) {
    const found = () => this.requestsFor(path)[0];
    const comes = new Promise((resolve) => {
      const look = () => (found() ? resolve(found()) : this.#news.once('request', look));
      look();
    });
    return within(comes, `a request for ${path}`);
  }

  /**
   * @param {import('../../../www-shim/edge/types.d.ts').FunctionEvent} event
   * @param {object} context
   */
  async #decide(event, context) {
    const [{ cf }] = /** @type {[{ cf: { request: CloudFrontRequest } }]} */ (/** @type {unknown} */ (event.Records));
    const { method, uri, querystring, headers } = structuredClone(cf.request);
    if (uri === ICON) return { status: '404' };
    const answer = /** @type {any} */ (this.intercept(cf.request) ?? (await this.#handler(event, context)));
    const forwarded = !isResponse(answer);
    if (!forwarded && answer.headers?.['set-cookie']) {
      answer.headers['set-cookie'] = answer.headers['set-cookie'].filter((/** @type {{ value: string }} */ { value }) => !this.dropCookies(value));
    }
    this.seen.push({
      method,
      url: querystring === '' ? uri : `${uri}?${querystring}`,
      headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.map(({ value }) => value).join('; ')])),
      forwarded,
      status: forwarded ? 200 : Number(answer.status),
      answered: Object.fromEntries(
        Object.entries((!forwarded && answer.headers) || {}).map(([name, values]) => [name, /** @type {any[]} */ (values).map(({ value }) => value)]),
      ),
    });
    this.#news.emit('request');
    return answer;
  }
}

/** @param {GivenPage} page */
function pageAnswer({ body, headers }) {
  return { status: 200, headers: { 'content-type': 'text/html', ...headers }, body };
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}
