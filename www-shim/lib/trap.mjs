/**
 * Whether an exception out of the module is a trap rather than an error that the module means to throw.
 *
 * @param {unknown} error
 */
export function isTrap(error) {
  return !(error instanceof Error) || error.name !== 'Error';
}
