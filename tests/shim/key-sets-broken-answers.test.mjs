import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startKeyServer } from './support/key-server.mjs';
import { KEY, assertOutageIsSurvived } from './support/outage.mjs';

/** @typedef {import('./support/key-server.mjs').KeyServer} KeyServer */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {(response: ServerResponse, server: KeyServer) => void} Respond */

/** @type {(status: number) => Respond} */
const withStatus = (status) => (response, server) => response.writeHead(status).end(server.text);

/** @type {(change: (text: string) => string | Buffer) => Respond} */
const changed = (change) => (response, server) => response.end(change(server.text));

/** @type {(value: unknown) => Respond} */
const json = (value) => changed(() => JSON.stringify(value));

/** @type {[string, Respond, RegExp][]} */
const ANSWERS = [
  ['500', withStatus(500), /^status 500 instead of 200$/],
  ['404 with a key set', withStatus(404), /^status 404 instead of 200$/],
  ['201 with a key set', withStatus(201), /^status 201 instead of 200$/],
  ['206 with a key set', withStatus(206), /^status 206 instead of 200$/],
  ['204', (response) => response.writeHead(204).end(), /^status 204 instead of 200$/],
  ['304', (response) => response.writeHead(304).end(), /^status 304 instead of 200$/],
  ['nothing', changed(() => ''), /^the key set is not a JSON object/],
  ['half of the JSON', changed((text) => text.slice(0, text.length / 2)), /not a JSON object/],
  ['two JSON texts', changed((text) => text + text), /not a JSON object: something comes after/],
  ['a byte-order mark', changed((text) => `\ufeff${text}`), /not a JSON object/],
  ['UTF-16', changed((text) => Buffer.from(text, 'utf16le')), /not a JSON object/],
  ['bytes', changed(() => Buffer.from([0, 255, 128, 10])), /not a JSON object/],
  ['HTML', changed(() => '<!doctype html><h1>Sign in</h1>'), /not a JSON object/],
  ['a duplicate name', changed((text) => `{"keys":[],${text.slice(1)}`), /not a JSON object/],
  ['deep nesting', changed(() => '['.repeat(60_000)), /not a JSON object: nested deeper/],
  ['null', json(null), /not a JSON object/],
  ['an array', json([]), /not a JSON object/],
  ['no keys', json({}), /the key set has no array `keys`/],
  ['keys that are none', json({ keys: {} }), /the key set has no array `keys`/],
  ['an empty set', json({ keys: [] }), /no usable key: it is empty/],
  ['too many keys', json({ keys: Array(33).fill({}) }), /has 33 keys; at most 32/],
  ['no usable key', json({ keys: [null, 1, { kty: 'RSA' }] }), /no usable key: /],
  [
    'compressed, though nobody asked for it',
    (response, { text }) => response.setHeader('content-encoding', 'gzip').end(gzipSync(text)),
    /not a JSON object/,
  ],
];

for (const [title, respond, reason] of ANSWERS) {
  test(`a key server that answers ${title}`, async (t) => {
    await assertOutageIsSurvived(t, {
      begin: (server) => {
        server.respond = (_request, response) => respond(response, server);
      },
      reason,
    });
  });
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`threat 24: ${status} to a server that works is not followed`, async (t) => {
    const other = await startKeyServer(t, { keys: [KEY] });
    await assertOutageIsSurvived(t, {
      begin: (server) => {
        server.respond = (_request, response) => {
          response.writeHead(status, { location: other.url }).end();
        };
      },
      reason: new RegExp(`^status ${status} instead of 200$`),
    });
    assert.equal(other.fetches, 0);
  });
}
