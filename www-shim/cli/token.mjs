import { parseKey, signToken } from '../edge/development-keys.mjs';
import { UsageError } from './errors.mjs';
import { readJson } from './files.mjs';
import { numberOption } from './options.mjs';

/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./types.d.ts').Values} Values */

const DEFAULT_LIFE_SECONDS = 3600;

/** @type {Command} */
export const token = {
  about: 'sign a token for development',
  usage: ['--key FILE [--issuer I] [--audience A] [--subject S] [--claims JSON] …'],
  options: {
    key: { type: 'string', value: 'FILE', help: 'a private JWK, as of `keygen`', required: true },
    issuer: { type: 'string', value: 'I', help: 'the claim `iss`' },
    audience: { type: 'string', value: 'A', help: 'the claim `aud`' },
    subject: { type: 'string', value: 'S', help: 'the claim `sub`' },
    'expires-in': { type: 'string', value: 'SECONDS', help: 'life from now; default 3600' },
    now: { type: 'string', value: 'SECONDS', help: 'seconds since 1970; default: the clock' },
    claims: { type: 'string', value: 'JSON', help: 'more claims; they win over the options' },
  },
  run: (values, io) => {
    const claims = claimsFrom(values);
    const file = String(values.key);
    const key = readKey(file);
    io.out(`${signToken(key, claims)}\n`);
    io.err('this token is for development: its key is in a plain file\n');
    return 0;
  },
};

/**
 * @param {string} file
 * @returns {import('../edge/development-keys.mjs').DevelopmentKey}
 */
export function readKey(file) {
  const jwk = readJson(file, 'key');
  if (isKeySet(jwk)) throw new Error(`key \`${file}\`: this is a public key set; \`keygen --out\` wrote the private key`);
  try {
    return parseKey(jwk);
  } catch (error) {
    throw new Error(`key \`${file}\`: ${/** @type {Error} */ (error).message}`);
  }
}

/** @type {(read: any) => boolean} */
function isKeySet(read) {
  return Array.isArray(read?.keys);
}

/** @type {(values: Values) => Record<string, unknown>} */
function claimsFrom(values) {
  const now = Math.floor(numberOption(values, 'now') ?? Date.now() / 1000);
  const life = numberOption(values, 'expires-in') ?? DEFAULT_LIFE_SECONDS;
  const { issuer: iss, audience: aud, subject: sub } = values;
  return {
    ...(iss === undefined ? {} : { iss }),
    ...(aud === undefined ? {} : { aud }),
    ...(sub === undefined ? {} : { sub }),
    iat: now,
    exp: now + life,
    ...parseClaims(values.claims),
  };
}

/** @type {(text: string | boolean | undefined) => Record<string, unknown>} */
function parseClaims(text) {
  if (typeof text !== 'string') return {};
  let claims;
  try {
    claims = JSON.parse(text);
  } catch {
    claims = null;
  }
  if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims;
  throw new UsageError('option `--claims` takes a JSON object, such as \'{"groups":["admins"]}\'');
}
