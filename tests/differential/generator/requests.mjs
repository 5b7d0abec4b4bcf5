import { Random } from './random.mjs';

/** @typedef {import('../peers/smithy.mjs').SigningCase} SigningCase */

const REGION = 'eu-central-1';

/** Hosts as they are for each service. */
const HOSTS = {
  s3: `bucket-1.s3.${REGION}.amazonaws.com`,
  lambda: `abc123.lambda-url.${REGION}.on.aws`,
  'medical-imaging': `runtime-medical-imaging.${REGION}.amazonaws.com`,
  'execute-api': `abc123.execute-api.${REGION}.amazonaws.com`,
};

// What browsers send unencoded, what they encode, and what only others encode.
const PLAIN = [..."abcXYZ0189-._~!$&'()*,=:@|^[]"];
const ENCODED = ['%20', '%2B', '%2b', '%25', '%C3%A9', '%c3%a9', '%E6%97%A5', '%22', '%3A', '%7E', '%41', '%3b', '%00'];
const QUERY_PLAIN = [..."abcXYZ0189-._~!$'()*,:@/?|+ ".trim(), '+'];
const TYPES = ['application/json', 'text/plain;   charset=utf-8', ' application/x-www-form-urlencoded ', undefined];

/**
 * Requests with whatever can be in a path, a query and a body.
 *
 * @param {number} seed
 * @param {number} count
 * @returns {SigningCase[]}
 */
export function makeRequests(seed, count) {
  const random = new Random(seed);
  return Array.from({ length: count }, () => requestFrom(random));
}

/**
 * @param {Random} random
 * @returns {SigningCase}
 */
function requestFrom(random) {
  const service = random.pick(/** @type {(keyof typeof HOSTS)[]} */ (Object.keys(HOSTS)));
  const hasBody = random.flip();
  return {
    ...{ service, region: REGION, host: HOSTS[service], now: random.below(4_000_000_000) },
    credentials: {
      accessKeyId: `AKID${text(random, [...'ABC234'], 16)}`,
      secretAccessKey: text(random, [...'abcXYZ019+/'], 1 + random.below(80)),
      ...(random.flip() ? { sessionToken: text(random, [...'abcXYZ019+/='], 1 + random.below(1200)) } : {}),
    },
    method: random.pick(hasBody ? ['POST', 'PUT', 'PATCH', 'DELETE'] : ['GET', 'HEAD', 'DELETE', 'OPTIONS']),
    path: pathFrom(random),
    query: queryFrom(random),
    contentType: hasBody ? random.pick(TYPES) : undefined,
    body: hasBody ? Buffer.from(text(random, ['a', '\0', '\u{e9}', '\r\n', '"', '\u{1f600}'], 1 + random.below(300))) : Buffer.alloc(0),
  };
}

const NAMES = ['x-a', 'X-B', 'x-amz-meta-a', 'x-long', 'content-type', 'range', 'x-A-b'];
const VALUE_PIECES = [...'abc 019  ,;="/()', "'", '   ', '\t'];

/**
 * Headers with values that have too much space in them, or are long or empty.
 *
 * @param {Random} random
 * @returns {[string, string][]}
 */
export function headersFrom(random) {
  const names = NAMES.filter(() => random.below(3) === 0);
  return names.map((name) => [name, text(random, VALUE_PIECES, random.below(8) === 0 ? 2000 : random.below(20))]);
}

/** @param {Random} random */
function pathFrom(random) {
  const segments = Array.from({ length: 1 + random.below(5) }, () => {
    const kind = random.below(12);
    if (kind === 0) return random.pick(['', '.', '..', '...']);
    return text(random, [...PLAIN, ...ENCODED], kind === 1 ? 300 + random.below(900) : random.below(12));
  });
  return `/${segments.join('/')}`;
}

/** @param {Random} random */
function queryFrom(random) {
  const names = Array.from({ length: 1 + random.below(3) }, () => text(random, [...QUERY_PLAIN, ...ENCODED], random.below(4)));
  const parameters = Array.from({ length: random.below(7) }, () => {
    const value = text(random, [...QUERY_PLAIN, '=', ...ENCODED], random.below(14));
    return random.pick(['', random.pick(names), `${random.pick(names)}=`, `${random.pick(names)}=${value}`]);
  });
  if (random.below(30) === 0) parameters.push(`long=${text(random, ENCODED, 1000)}`);
  return parameters.join('&');
}

/**
 * @param {Random} random
 * @param {string[]} pieces
 * @param {number} count
 */
function text(random, pieces, count) {
  return Array.from({ length: count }, () => random.pick(pieces)).join('');
}
