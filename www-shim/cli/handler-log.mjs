import { KeySetLog } from './key-set-log.mjs';

/** @typedef {import('../edge/types.d.ts').DecisionNote} DecisionNote */
/** @typedef {import('../edge/types.d.ts').KeySetStatus} KeySetStatus */

/** Requests that were decided but whose answer is still under way. */
const MAX_NOTES = 1000;

/**
 * Reads the handler's log, one JSON object a line: decisions are kept for the local edge's own
 * line about the request, everything else is shown.
 *
 * @param {(line: string) => void} print
 */
export function handlerLog(print) {
  /** @type {Map<string, DecisionNote>} by request id */
  const notes = new Map();
  const keySets = new KeySetLog();
  return {
    /** @param {unknown} line */
    write(line) {
      const entry = parseEntry(line);
      // They are for CloudWatch.
      if (entry._aws !== undefined) return;
      keySets.note(entry);
      if (typeof entry.code === 'string' && typeof entry.requestId === 'string') {
        const { code, rule = null, milliseconds = null } = entry;
        notes.set(entry.requestId, { code, rule, milliseconds });
        const [oldest] = notes.keys();
        if (notes.size > MAX_NOTES && oldest !== undefined) notes.delete(oldest);
        if (entry.level !== 'error' && entry.level !== 'warn') return;
      }
      const { message, provider, detail, keys } = entry;
      const found = typeof keys === 'number' && `${keys} key${keys === 1 ? '' : 's'}`;
      print(`  handler: ${[message, provider, detail, found].filter(Boolean).join(': ')}`);
    },

    /** @type {(configuration: object) => KeySetStatus[]} */
    keySets: (configuration) => keySets.statuses(configuration),

    /**
     * @param {string} requestId
     * @returns {DecisionNote | null}
     */
    takeNote(requestId) {
      const note = notes.get(requestId) ?? null;
      notes.delete(requestId);
      return note;
    },
  };
}

/** @type {(line: unknown) => Record<string, any>} */
function parseEntry(line) {
  try {
    const entry = JSON.parse(String(line));
    if (typeof entry === 'object' && entry !== null) return entry;
  } catch {
    // A handler may log what it likes.
  }
  return { message: String(line) };
}
