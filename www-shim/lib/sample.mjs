/**
 * Whether a request is one of the share that is logged. It follows from its id, so that the log has either all events of a
 * request or none; the hash is FNV-1a. A request without an id is always one.
 *
 * @param {unknown} requestId
 * @param {number} share from 0 to 1
 */
export function isInSample(requestId, share) {
  if (share === 1 || typeof requestId !== 'string') return true;
  let hash = 0x811c_9dc5;
  for (let index = 0; index < requestId.length; index += 1) {
    hash = Math.imul(hash ^ requestId.charCodeAt(index), 0x0100_0193);
  }
  return hash >>> 0 < share * 2 ** 32;
}
