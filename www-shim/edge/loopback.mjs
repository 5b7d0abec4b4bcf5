/**
 * @param {string | null | undefined} uri
 * @returns {boolean} whether it is http on this machine, so that what is for development can be served there
 */
export function isLoopback(uri) {
  if (!uri || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && isLoopbackHost(hostname);
}

/** @type {(hostname: string) => boolean} of a URL */
export function isLoopbackHost(hostname) {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
