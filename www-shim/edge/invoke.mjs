import { MAX_HANDLER_MILLISECONDS } from './limits.mjs';

/** @typedef {import('./types.d.ts').Handler} Handler */
/** @typedef {import('./types.d.ts').FunctionEvent} FunctionEvent */

/**
 * Calls a handler as Lambda does: event and answer go through JSON, and time is limited.
 *
 * @param {Handler} handler
 * @param {FunctionEvent} event
 * @param {number} [milliseconds]
 * @returns {Promise<{ result: unknown } | { exception: string }>}
 */
export async function invoke(handler, event, milliseconds = MAX_HANDLER_MILLISECONDS) {
  const deadline = Date.now() + milliseconds;
  const context = {
    functionName: 'local-edge',
    functionVersion: '1',
    awsRequestId: event.Records[0]?.cf.config.requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await withTimeLimit(async () => handler(event, context), milliseconds);
    const text = JSON.stringify(result);
    return { result: text === undefined ? undefined : JSON.parse(text) };
  } catch (error) {
    return { exception: String(error) };
  }
}

/** @type {<T>(work: () => Promise<T>, milliseconds: number) => Promise<T>} */
async function withTimeLimit(work, milliseconds) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    const late = () => reject(new Error(`no answer within ${milliseconds / 1000} s`));
    timer = setTimeout(late, milliseconds);
  });
  try {
    return await Promise.race([work(), /** @type {Promise<never>} */ (limit)]);
  } finally {
    clearTimeout(timer);
  }
}
