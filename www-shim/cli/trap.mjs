/**
 * @param {unknown} error what the wasm module threw
 * @returns {boolean} whether it was a trap, after which the instance must not be used again; what
 *   the module throws deliberately is a plain `Error`
 */
export function isTrap(error) {
  return !(error instanceof Error) || error.name !== 'Error';
}
