import { ask, deadlineIn } from './ask.mjs';

/** A viewer waits this long at most, discovery of the URL included. */
const DEADLINE_SECONDS = 3;

/** As many as the core reads (`MAX_SET_BYTES`). */
const MAX_BYTES = 64 * 1024;

/** The time that a fetch has. */
export function deadline() {
  return deadlineIn(DEADLINE_SECONDS);
}

/**
 * @param {string} url
 * @param {import('./ask.mjs').Deadline} deadline
 * @returns {Promise<string>}
 * @throws {Error} that says what went wrong, without the server's words
 */
export async function fetchKeySet(url, deadline) {
  const limits = { deadline, maxBytes: MAX_BYTES, onlyStatus: 200 };
  const { body } = await ask({ url, headers: { accept: 'application/json' } }, limits);
  return body.toString('utf8');
}
