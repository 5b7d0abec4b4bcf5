import { signToken } from '../edge/development-keys.mjs';

/** @typedef {import('../edge/issuer.mjs').IssuedProvider} IssuedProvider */
/** @typedef {IssuedProvider & { name: string, audience?: unknown }} SampleProvider */

/**
 * @typedef {object} SampleRequest a request of a requests file
 * @property {string} title
 * @property {string} path as the viewer sends it: encoded, with its query
 * @property {number} expect the status to come
 * @property {string} [method] default GET
 * @property {Record<string, unknown>} [claims] of the token; without them there is no token
 * @property {string} [provider] whose token; default: the first with development keys
 * @property {'header' | 'query' | 'cookie'} [tokenIn] default: the Authorization header
 * @property {number} [expiresIn] seconds from now; default: a working day
 */

/** Someone who tries things out should not have to start again after lunch. */
const DEFAULT_LIFE_SECONDS = 8 * 3600;

/**
 * @param {unknown} value what the requests file holds
 * @returns {SampleRequest[]}
 * @throws {Error} naming the first entry that is wrong
 */
export function parseSampleRequests(value) {
  if (!Array.isArray(value)) throw new Error('must be a list of requests');
  for (const [index, entry] of value.entries()) {
    const problem = entryProblem(entry);
    if (problem) throw new Error(`entry ${index + 1} ${problem}`);
  }
  return value;
}

/**
 * @param {SampleRequest[]} requests
 * @param {SampleProvider[]} providers those with development keys
 * @param {{ url: string, now: number }} edge
 * @returns {string} for each request a line to paste into a shell, below what it should print
 */
export function sampleText(requests, providers, edge) {
  if (requests.length === 0) return '';
  const blocks = requests.map((request) => {
    const signer = signerOf(request, providers);
    const title = `# ${request.expect}: ${request.title.replace(/[\x00-\x1f\x7f]/g, ' ')}\n`;
    const canBeSigned = signer !== undefined || !request.claims;
    const unsigned = '# (needs a token, and there is no key to sign it)';
    return `${title}${canBeSigned ? curlLine(request, signer, edge) : unsigned}\n`;
  });
  return `\nlines to paste; each prints the status that stands above it\n\n${blocks.join('\n')}\n`;
}

/**
 * @param {SampleRequest} request
 * @param {SampleProvider | undefined} signer
 * @param {{ url: string, now: number }} edge
 * @returns {string} a line that prints the status of the answer
 */
function curlLine({ path, method = 'GET', ...request }, signer, { url, now }) {
  const { tokenIn = 'header' } = request;
  const claims = request.claims && signer && claimsOf(request, signer, now);
  const token = claims && signToken(signer.key, claims);
  const mark = path.includes('?') ? '&' : '?';
  const query = token && tokenIn === 'query' ? `${mark}token=${token}` : '';
  const parts = [
    "curl -s -o /dev/null -w '%{http_code}\\n'",
    // Without it curl itself would remove dot segments.
    ...(/\/(?:\.|%2e)/i.test(path) ? ['--path-as-is'] : []),
    ...(method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : [`-X ${method}`]),
    ...(token && tokenIn === 'header' ? [`-H 'Authorization: Bearer ${token}'`] : []),
    ...(token && tokenIn === 'cookie' ? [`-H 'Cookie: token=${token}'`] : []),
    quoted(`${url}${path}${query}`),
  ];
  return parts.join(' ');
}

/** @type {(request: SampleRequest, providers: SampleProvider[]) => SampleProvider | undefined} */
function signerOf({ provider }, providers) {
  return providers.find(({ name }) => provider === undefined || name === provider);
}

/**
 * @param {Pick<SampleRequest, 'claims' | 'expiresIn'>} request
 * @param {SampleProvider} signer
 * @param {number} now
 * @returns {Record<string, unknown>}
 */
function claimsOf({ claims, expiresIn = DEFAULT_LIFE_SECONDS }, { issuer, audience }, now) {
  const aud = Array.isArray(audience) ? audience[0] : audience;
  const exp = Math.floor(now) + expiresIn;
  return {
    iss: issuer,
    ...(typeof aud === 'string' ? { aud } : {}),
    // Before it expired, where it has; never in the future.
    iat: Math.min(Math.floor(now), exp - 60),
    exp,
    ...claims,
  };
}

/** @type {(entry: unknown) => string | null} */
function entryProblem(entry) {
  if (typeof entry !== 'object' || entry === null) return 'is not an object';
  const { title, path, method, claims, tokenIn, expect, expiresIn } =
    /** @type {Record<string, unknown>} */ (entry);
  if (typeof title !== 'string') return 'has no `title`';
  if (typeof path !== 'string' || !/^\/[\x21-\x7e]*$/.test(path)) {
    return 'has no `path` that begins with `/` and is percent-encoded';
  }
  if (!/^[2-5]\d\d$/.test(String(expect))) return 'has no `expect`, such as 200';
  if (!/^[A-Z]+$/.test(String(method ?? 'GET'))) return 'has a `method` that is none';
  if (claims !== undefined && (typeof claims !== 'object' || claims === null)) {
    return 'has `claims` that are no object';
  }
  if (!['header', 'query', 'cookie', undefined].includes(/** @type {any} */ (tokenIn))) {
    return 'has a `tokenIn` that is not `header`, `query` or `cookie`';
  }
  if (expiresIn !== undefined && !Number.isInteger(expiresIn)) {
    return 'has an `expiresIn` that is no number of seconds';
  }
  return null;
}

/** @type {(text: string) => string} for a POSIX shell */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
