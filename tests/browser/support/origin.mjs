/** @typedef {import('../../../www-shim/edge/types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('../../../www-shim/edge/types.d.ts').OriginResponse} OriginResponse */

/** A GIF with one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * What the origin answers: a picture, a script that does nothing, or a page that says who asked for what.
 *
 * @param {OriginRequest} request
 * @returns {OriginResponse}
 */
export function originAnswer({ method, uri, querystring, headers }) {
  const cached = { 'cache-control': 'private, max-age=600' };
  if (/\.(?:gif|ico)$/.test(uri)) return { status: 200, headers: { ...cached, 'content-type': 'image/gif' }, body: PIXEL };
  if (uri.endsWith('.js')) return { status: 200, headers: { ...cached, 'content-type': 'text/javascript' }, body: '' };
  const user = headers['x-user']?.[0]?.value ?? 'nobody';
  const said = { method, uri, querystring, user };
  const body = `<!doctype html><title>${user}</title><link rel="icon" href="data:,"><pre>${escaped(JSON.stringify(said))}</pre>`;
  return { status: 200, headers: { ...cached, 'content-type': 'text/html; charset=utf-8' }, body };
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
