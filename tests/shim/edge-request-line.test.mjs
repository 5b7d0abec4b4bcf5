import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestLine } from '../../www-shim/edge/request-line.mjs';

/** @typedef {import('../../www-shim/edge/types.d.ts').RequestRecord} RequestRecord */

/** @type {RequestRecord} */
const RECORD = {
  time: new Date(2026, 0, 2, 3, 4, 5),
  method: 'GET',
  path: '/users/alice/a.png',
  status: 200,
  code: 'allowed',
  rule: 'own',
  cache: 'hit',
  microseconds: 1234,
};

test('lines have their columns below each other', () => {
  const lines = [
    RECORD,
    { ...RECORD, method: 'OPTIONS', path: '/', status: 401, code: 'credentials_missing', rule: null, cache: null, microseconds: 7 },
    { ...RECORD, status: 403, code: null, rule: null, microseconds: null },
  ].map((record) => requestLine(record));
  assert.deepEqual(lines, [
    '03:04:05  GET      /users/alice/a.png                    200  allowed                 1,234 µs  rule own, cache hit',
    '03:04:05  OPTIONS  /                                     401  credentials_missing         7 µs',
    '03:04:05  GET      /users/alice/a.png                    403  -                           - µs  cache hit',
  ]);
});

test('a path that is too long for its column is not cut', () => {
  const path = `/${'a'.repeat(200)}`;
  assert.ok(requestLine({ ...RECORD, path }).includes(`${path}  200`));
});

test('colours tell the kinds of status apart, and nothing else is in the line with them', () => {
  const colored = [200, 302, 404, 503].map((status) => requestLine({ ...RECORD, status }, true));
  const colors = colored.map((line) => /\x1b\[(\d+)m\d{3}\x1b\[0m/.exec(line)?.[1]);
  assert.equal(new Set(colors).size, 4);
  assert.equal(colored[0]?.replace(/\x1b\[\d+m/g, ''), requestLine(RECORD));
});

test('threat 66: what moves a cursor in a path or in the name of a rule is not printed', () => {
  const line = requestLine({ ...RECORD, path: '/a\u001b[2J\u009b', rule: 'b\u202e\n' });
  assert.match(line, /\/a\?\[2J\? .*rule b\?\?, cache hit$/);
});
