import { requestTarget } from './viewer-message.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./types.d.ts').DecisionNote} DecisionNote */

/**
 * One line of the local edge's log. The query stays out of it: it may hold a token.
 *
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 * @param {DecisionNote | null} note
 * @param {number} milliseconds
 * @param {Date} [time]
 * @returns {string}
 */
export function requestLine(incoming, outgoing, note, milliseconds, time = new Date()) {
  const { uri, querystring } = requestTarget(incoming);
  const decision = [note?.code, note?.rule && `(${note.rule})`].filter(Boolean).join(' ');
  const source = String(outgoing.getHeader('x-cache') ?? '').replace(' from local edge', '');
  return [
    time.toTimeString().slice(0, 8),
    outgoing.statusCode,
    (incoming.method ?? '').padEnd(4),
    querystring === '' ? uri : `${uri}?…`,
    decision && `→ ${decision}`,
    source === 'Hit' || source === 'Miss' ? `cache ${source.toLowerCase()}` : '',
    `${milliseconds.toFixed(1)} ms`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}
