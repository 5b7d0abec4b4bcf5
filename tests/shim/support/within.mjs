/**
 * Waits for something that a broken program would never do.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what it is, for the error
 * @param {number} [milliseconds] far more than it takes
 * @returns {Promise<T>}
 */
export async function within(promise, what, milliseconds = 10_000) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    const late = () => reject(new Error(`did not happen in ${milliseconds / 1000} s: ${what}`));
    timer = setTimeout(late, milliseconds);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (limit)]);
  } finally {
    clearTimeout(timer);
  }
}
