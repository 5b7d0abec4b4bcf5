import { readFileSync } from 'node:fs';
import { eventOf } from '../edge/event.mjs';
import { sourcesOf } from './distribution-needs.mjs';
import { UsageError } from './errors.mjs';
import { reason } from './files.mjs';

/** @typedef {import('../edge/types.d.ts').FunctionEvent} FunctionEvent */
/** @typedef {{ get: string, method?: string, token?: string, browser?: boolean }} Asked what `--get` and its like say */

/** What stands for the host and the viewer where nobody says: a distribution's name, and an address of RFC 5737. */
const HOST = 'd111111abcdef8.cloudfront.net';
const CLIENT_IP = '192.0.2.1';

/** What browsers send where somebody opens a page. */
const NAVIGATION = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

/**
 * The viewer-request event of a request that is said in words. Its token is in the first place in which the rule that decides
 * looks for one.
 *
 * @param {Asked} asked
 * @param {any} configuration that was checked
 * @param {(event: FunctionEvent) => string | null} ruleFor which rule decides about an event
 * @returns {FunctionEvent}
 * @throws {UsageError} where the words are not understood
 */
export function eventFor({ get, method = 'GET', token: tokenFile, browser = false }, configuration, ruleFor) {
  const { host, uri, parameters } = parseUrl(get);
  if (!/^[A-Z]+$/.test(method)) throw new UsageError(`option \`--method\` takes a method such as PUT, not \`${method}\``);
  refuseTokenIn(parameters, sourcesOf(configuration));
  const headers = { Host: host, ...(browser ? NAVIGATION : {}) };
  const event = (/** @type {Record<string, string>} */ sent, /** @type {string[]} */ query) => {
    const entries = Object.entries(sent).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]);
    const request = { clientIp: CLIENT_IP, headers: Object.fromEntries(entries), method, querystring: query.join('&'), uri };
    return eventOf('viewer-request', 'explain', request);
  };
  const without = event(headers, parameters);
  if (tokenFile === undefined) return without;
  const token = readToken(tokenFile);
  const { header, scheme, query, cookie } = placeOfToken(configuration, ruleFor(structuredClone(without)));
  if (query !== undefined) return event(headers, [...parameters, `${encodeURIComponent(query)}=${token}`]);
  if (cookie !== undefined) return event({ ...headers, Cookie: `${cookie}=${token}` }, parameters);
  return event({ ...headers, [header ?? '']: scheme === undefined ? token : `${scheme} ${token}` }, parameters);
}

/**
 * Nothing is normalised: what a path with dot segments comes to is asked, too.
 *
 * @param {string} text a URL, or a path with its query
 */
function parseUrl(text) {
  const [, host = HOST, uri, query] = /^(?:https?:\/\/([^/?#]+))?(\/[^?#]*)(?:\?([^#]*))?$/.exec(text) ?? [];
  if (uri === undefined || /[^\x21-\x7e]/.test(text)) {
    throw new UsageError('option `--get` takes a path, as `/images/a.png?size=1`, or a URL, percent-encoded and without a `#`');
  }
  return { host, uri, parameters: query === undefined || query === '' ? [] : query.split('&') };
}

/** @type {(parameters: string[], sources: ReturnType<typeof sourcesOf>) => void} */
function refuseTokenIn(parameters, sources) {
  const names = sources.flatMap(({ query }) => query ?? []);
  const name = names.find((name) => parameters.some((parameter) => parameter.startsWith(`${encodeURIComponent(name)}=`)));
  if (name !== undefined) throw new UsageError(`the token in \`${name}\` stays in the history of the shell: \`--token FILE\` adds it`);
}

/** @type {(configuration: any, name: string | null) => ReturnType<typeof sourcesOf>[number]} */
function placeOfToken(configuration, name) {
  const rule = configuration.rules.find((/** @type {any} */ rule, /** @type {number} */ index) => (rule.name ?? `rules[${index}]`) === name);
  const [first = {}] = sourcesOf({ token: rule?.token ?? configuration.token });
  return first;
}

/**
 * @param {string} file or `-`
 * @returns {string}
 * @throws {Error} which does not repeat what was given: it may be the token itself
 */
function readToken(file) {
  let text;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  } catch (error) {
    // Other errors repeat the name.
    const isPlain = ['ENOENT', 'EACCES', 'EISDIR'].includes(String(/** @type {NodeJS.ErrnoException} */ (error).code));
    const why = isPlain ? reason(error) : 'that cannot be read';
    throw new UsageError(
      `option \`--token\`: ${why}; it takes a file, or \`-\` for standard input: a token itself would stay in the history of the shell`,
    );
  }
  if (/^Bearer\s/i.test(text)) throw new Error('what `--token` names has to hold the token alone, without `Bearer `');
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error('what `--token` names does not hold one token and nothing else');
  return text;
}
