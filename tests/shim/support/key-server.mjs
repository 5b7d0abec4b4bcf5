import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { publicKeySet } from '../../../www-shim/edge/development-keys.mjs';
import { within } from './within.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('node:net').Socket} Socket */
/** @typedef {import('../../../www-shim/edge/development-keys.mjs').DevelopmentKey} Key */

/**
 * @typedef {object} KeyServerOptions
 * @property {Key[]} [keys] what it serves from the start
 * @property {number} [port]
 * @property {{ key: string, cert: string }} [tls] makes it an https server
 */

/**
 * Starts a server of key sets on loopback, which is stopped when the test ends.
 *
 * @param {import('node:test').TestContext} t
 * @param {KeyServerOptions} [options]
 */
export async function startKeyServer(t, { keys = [], port = 0, tls } = {}) {
  const server = new KeyServer(tls);
  server.serve(...keys);
  await server.listen(port);
  t.after(() => server.stop());
  return server;
}

/**
 * Serves key sets as `node:http` does, or does to a bare socket what no HTTP server would.
 */
export class KeyServer {
  /** How many connections came; the handler makes one for each fetch. */
  fetches = 0;

  /** What a request is answered; by default the key set. */
  respond = this.sendKeys;

  /**
   * What becomes of a connection once its request is there, instead of a response.
   *
   * @type {((socket: Socket) => void) | null}
   */
  misbehave = null;

  #text = '';
  #http = createHttpServer((request, response) => this.respond(request, response));
  /** @type {Set<Socket>} */
  #sockets = new Set();
  #server;
  #scheme;

  /** @param {{ key: string, cert: string }} [tls] */
  constructor(tls) {
    this.#scheme = tls ? 'https' : 'http';
    this.#server = tls ? createTlsServer(tls) : createTcpServer();
    this.#server.on('connection', (socket) => this.#track(socket));
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket) => this.#accept(socket));
  }

  /** @param {number} port 0 for any that is free */
  async listen(port) {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `${this.#scheme}://127.0.0.1:${port}/jwks.json`;
  }

  /** @param {Key[]} keys what is served from now on */
  serve(...keys) {
    this.#text = JSON.stringify({ keys: keys.flatMap((key) => publicKeySet(key).keys) });
  }

  /** The text of the key set. */
  get text() {
    return this.#text;
  }

  /**
   * @param {IncomingMessage} _request
   * @param {ServerResponse} response
   */
  sendKeys(_request, response) {
    response.setHeader('content-type', 'application/json').end(this.#text);
  }

  /** Back to good behavior. */
  recover() {
    this.respond = this.sendKeys;
    this.misbehave = null;
  }

  /** Waits until the client has closed every connection; fails where it keeps one. */
  async allClosed() {
    for (const socket of this.#sockets) {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await within(closed, 'the client closes its connection');
    }
    const count = await new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
    assert.equal(count, 0, 'open connections');
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @param {Socket} socket */
  #track(socket) {
    this.fetches += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that hangs up is what is tested.
    socket.on('error', () => {});
  }

  /** @param {Socket} socket */
  #accept(socket) {
    const { misbehave } = this;
    if (misbehave === null) this.#http.emit('connection', socket);
    // The request is read, and so is the end of the connection.
    else socket.once('data', () => misbehave(socket)).resume();
  }
}
