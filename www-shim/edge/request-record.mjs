import { requestTarget } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./types.d.ts').DecisionNote} DecisionNote */
/** @typedef {import('./types.d.ts').RequestRecord} RequestRecord */

/**
 * What the local edge tells of a request. The query stays out of it: it may hold a token.
 *
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing answered
 * @param {DecisionNote | null} note
 * @param {Date} [time]
 * @returns {RequestRecord}
 */
export function requestRecord(incoming, outgoing, note, time = new Date()) {
  const { uri, querystring } = requestTarget(incoming);
  const source = /^(Hit|Miss) /.exec(String(outgoing.getHeader('x-cache') ?? ''))?.[1];
  const milliseconds = note?.milliseconds ?? null;
  return {
    time,
    method: incoming.method ?? '',
    path: querystring === '' ? uri : `${uri}?…`,
    status: outgoing.statusCode,
    code: note?.code ?? null,
    rule: note?.rule ?? null,
    cache: source === undefined ? null : source === 'Hit' ? 'hit' : 'miss',
    microseconds: milliseconds === null ? null : Math.round(milliseconds * 1000),
  };
}
