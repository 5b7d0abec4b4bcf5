import assert from 'node:assert/strict';
import { ALL, algorithmsOf } from '../generator/keys.mjs';
import { mutation } from './mutation.mjs';

/** @typedef {import('../generator/draft.mjs').Parts} Parts */
/** @typedef {import('../generator/draft.mjs').SignedParts} SignedParts */
/** @typedef {import('./mutation.mjs').Draft} Draft */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PARTS = /** @type {const} */ (['header', 'payload', 'signature']);
/**
 * How many bytes the signature has beyond a multiple of three: what decides on padding and bits to
 * spare.
 */
const BEYOND_TRIPLES = [
  ['ES384', 'HS384'],
  ALL.filter((name) => !['ES384', 'HS384', 'HS256'].includes(name)),
  ['HS256'],
];

/** Each part written in another way. What is signed is what is sent. */
const SLACK = [
  ...inEachPart('padded with `=`', (part) => `${part}=`, 2),
  ...inEachPart('padded with `==`', (part) => `${part}==`, 1),
  ...inEachPart('padded with `=` for `==`', (part) => `${part}=`, 1),
  ...inEachPart('padded with `====`', (part) => `${part}====`),
  ...inEachPart('two bits to spare that are not zero', spareBits, 2),
  ...inEachPart('four bits to spare that are not zero', spareBits, 1),
  ...inEachPart('the alphabet of base64', standardAlphabet, 'special'),
  ...inEachPart('a space in it', (part) => insert(part, ' ')),
  ...inEachPart('a line break in it', (part) => insert(part, '\n')),
  ...inEachPart('a line break after it', (part) => `${part}\n`),
  ...inEachPart('a tab before it', (part) => `\t${part}`),
  ...inEachPart('a zero-width space in it', (part) => insert(part, '\u200b')),
  ...inEachPart('NUL in it', (part) => insert(part, '\0')),
  ...inEachPart('a `*` in it', (part) => insert(part, '*')),
  ...inEachPart('`%2D` in it', (part) => insert(part, '%2D')),
  ...inEachPart('a letter outside ASCII in it', (part) => insert(part, 'é')),
  ...inEachPart('a single character too many', (part) => `${part}A`, 0),
];

/** The whole of it in another form. */
const SHAPE = [
  shape('nothing', () => ''),
  shape('a dot after it', ([h, p, s]) => `${h}.${p}.${s}.`),
  shape('a dot before it', ([h, p, s]) => `.${h}.${p}.${s}`),
  shape('four parts', ([h, p, s]) => `${h}.${p}.${s}.${s}`),
  shape('five parts', ([h, p, s]) => `${h}.${p}.${s}.${s}.${s}`),
  shape('five parts, as of a JWE without content', ([h]) => `${h}....`),
  shape('six parts', ([h, p, s]) => `${h}.${p}.${s}.a.b.c`),
  shape('two parts', ([h, p]) => `${h}.${p}`),
  shape('one part', ([h]) => h),
  shape('two dots', () => '..'),
  shape('no header', ([, p, s]) => `.${p}.${s}`),
  shape('no payload (detached)', ([h, , s]) => `${h}..${s}`),
  shape('header and payload exchanged', ([h, p, s]) => `${p}.${h}.${s}`),
  shape('a dot as %2E', ([h, p, s]) => `${h}%2E${p}.${s}`),
  shape('a comma for a dot', ([h, p, s]) => `${h},${p}.${s}`),
  shape('a scheme before it', (parts) => `Bearer ${parts.join('.')}`),
  shape('in quotes', (parts) => `"${parts.join('.')}"`),
  shape('twice, with a comma', (parts) => `${parts.join('.')},${parts.join('.')}`),
  shape('a `~` after it (RFC 9901)', (parts) => `${parts.join('.')}~`),
  shape('a line break before it', (parts) => `\n${parts.join('.')}`),
  shape('a non-breaking space after it', (parts) => `${parts.join('.')}\u00a0`),
  shape('in upper case', (parts) => parts.join('.').toUpperCase()),
  shape('flattened JSON serialization', ([h, payload, signature]) =>
    JSON.stringify({ protected: h, payload, signature }),
  ),
  shape('general JSON serialization', ([h, payload, signature]) =>
    JSON.stringify({ payload, signatures: [{ protected: h, signature }] }),
  ),
  mutation('shape: a token as payload (nested)', (draft, { keys }) => {
    const header = Buffer.from(JSON.stringify(draft.header)).toString('base64url');
    const payload = Buffer.from(JSON.stringify(draft.payload)).toString('base64url');
    const signature = keys.sign(draft.algorithm, `${header}.${payload}`).toString('base64url');
    draft.payloadText = `${header}.${payload}.${signature}`;
  }),
];

export const ENCODING = [...SLACK, ...SHAPE];

/**
 * @param {string} what
 * @param {(part: string) => string} change
 * @param {number | 'special'} [needs] a number of bytes beyond a multiple of three, or special
 *   characters
 */
function inEachPart(what, change, needs) {
  const signed = PARTS.slice(0, 2).map((name, index) =>
    mutation(`${name}: ${what}`, (draft) => {
      fill(index === 0 ? draft.header : draft.payload, needs);
      draft.beforeSigning = (parts) => {
        const changed = /** @type {SignedParts} */ ([...parts]);
        changed[index] = change(changed[index]);
        return changed;
      };
    }),
  );
  const signature = mutation(
    `signature: ${what}`,
    (draft, { keys }) => {
      if (needs === 'special') {
        signUntil(draft, keys, (text) => /[-_]/.test(text));
      }
      draft.assembled = ([h, p, s]) => `${h}.${p}.${change(s)}`;
    },
    typeof needs === 'number' ? BEYOND_TRIPLES[needs] : ALL,
  );
  return [...signed, signature];
}

/**
 * Adds a member that gives the encoded JSON what it needs.
 *
 * @param {Record<string, unknown>} object
 * @param {number | 'special'} [needs]
 */
function fill(object, needs) {
  if (needs === 'special') {
    object.special = 'ÿ?ÿ?ÿ?ÿ~ÿ~ÿ~'; // two bytes and one: every alignment comes up
  }
  if (typeof needs === 'number') {
    object.fill = '';
    const missing = needs - (Buffer.byteLength(JSON.stringify(object)) % 3);
    object.fill = 'f'.repeat((missing + 3) % 3);
  }
}

/**
 * Changes a claim until the encoded signature is as wanted.
 *
 * @param {Draft} draft
 * @param {import('../generator/keys.mjs').Keys} keys
 * @param {(text: string) => boolean} wanted
 */
function signUntil(draft, keys, wanted) {
  draft.beforeSigning = ([header]) => {
    for (let attempt = 0; ; attempt += 1) {
      const payload = Buffer.from(JSON.stringify({ ...draft.payload, attempt })).toString(
        'base64url',
      );
      const signature = keys.sign(draft.algorithm, `${header}.${payload}`);
      if (wanted(signature.toString('base64url'))) {
        draft.sign = () => signature;
        return [header, payload];
      }
    }
  };
}

/**
 * @param {string} what
 * @param {(parts: Parts) => string} change
 */
function shape(what, change) {
  return mutation(
    `shape: ${what}`,
    (draft) => {
      draft.assembled = change;
    },
    algorithmsOf('rsa', 'ec', 'hmac'),
  );
}

/** @param {string} part */
function spareBits(part) {
  const last = ALPHABET.indexOf(part[part.length - 1]);
  return part.slice(0, -1) + ALPHABET[last + 1];
}

/** @param {string} part */
function standardAlphabet(part) {
  const changed = part.replaceAll('-', '+').replaceAll('_', '/');
  assert.notEqual(changed, part);
  return changed;
}

/**
 * @param {string} part
 * @param {string} text
 */
function insert(part, text) {
  const middle = part.length >> 1;
  return part.slice(0, middle) + text + part.slice(middle);
}
