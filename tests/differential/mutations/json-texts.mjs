import { ALL, PUBLIC } from '../generator/keys.mjs';
import { mutation, withText } from './mutation.mjs';

/** @typedef {import('./mutation.mjs').Draft} Draft */

/**
 * The same for both parts that are JSON. Each changes the text of an object that is otherwise in
 * order.
 */
/** @type {Record<string, (object: object) => string | Buffer>} */
const TEXTS = {
  'a member twice': (o) => withText(o, '"x":1,"x":1'),
  'a member twice, once with an escape': (o) => withText(o, '"x":1,"\\u0078":2'),
  'a member twice, further in': (o) => withText(o, '"x":{"a":[{"y":1,"y":2}]}'),
  'a byte-order mark': (o) => `\ufeff${JSON.stringify(o)}`,
  'a comma too many': (o) => JSON.stringify(o).replace(/\}$/, ',}'),
  'a comment': (o) => `${JSON.stringify(o)}/* */`,
  'single quotes': (o) => JSON.stringify(o).replaceAll('"', "'"),
  'names without quotes': (o) => JSON.stringify(o).replace('"alg"', 'alg').replace('"iss"', 'iss'),
  'NaN in a member': (o) => withText(o, '"x":NaN'),
  'Infinity in a member': (o) => withText(o, '"x":-Infinity'),
  'a number beyond every double': (o) => withText(o, '"x":1e400'),
  'a control character in a string': (o) => withText(o, '"x":"a\nb"'),
  'half a surrogate pair': (o) => withText(o, '"x":"\\ud800"'),
  'NUL in a string, with an escape': (o) => withText(o, '"x":"a\\u0000b"'),
  'an object after it': (o) => `${JSON.stringify(o)}{}`,
  'letters after it': (o) => `${JSON.stringify(o)}x`,
  'NUL after it': (o) => `${JSON.stringify(o)}\0`,
  'a bracket missing': (o) => JSON.stringify(o).slice(0, -1),
  'in an array': (o) => JSON.stringify([o]),
  'in a string': (o) => JSON.stringify(JSON.stringify(o)),
  'a number': () => '7',
  null: () => 'null',
  'an empty object': () => '{}',
  nothing: () => '',
  'a member `__proto__`': (o) => withText(o, '"__proto__":{"exp":9999999999}'),
  'a member `constructor`': (o) => withText(o, '"constructor":{"prototype":null}'),
  'a member with an empty name': (o) => withText(o, '"":1'),
  'nested 15 deep': (o) => withText(o, `"x":${nested(14)}`),
  'nested 17 deep': (o) => withText(o, `"x":${nested(16)}`),
  'nested 200 deep': (o) => withText(o, `"x":${nested(199)}`),
  'no UTF-8': (o) => bytes(withText(o, '"x":"\xff"')),
  'an overlong encoding': (o) => bytes(withText(o, '"x":"\xc0\xaf"')),
  'a surrogate in UTF-8': (o) => bytes(withText(o, '"x":"\xed\xa0\x80"')),
  'UTF-16': (o) => Buffer.from(JSON.stringify(o), 'utf16le'),
  'UTF-16 with a byte-order mark': (o) => Buffer.from(`\ufeff${JSON.stringify(o)}`, 'utf16le'),
};

const BOTH = Object.entries(TEXTS).flatMap(([what, text]) => [
  mutation(`header JSON: ${what}`, (draft) => {
    draft.headerText = text(draft.header);
  }),
  mutation(`payload JSON: ${what}`, (draft) => {
    // Of ASCII only, so that the bytes that are no UTF-8 stay the only ones.
    delete draft.payload.groups;
    draft.payloadText = text(draft.payload);
  }),
]);

/** A member of meaning twice: which one counts? */
const TWICE = [
  twice('header', 'alg', 'none', 'the first `none`', true),
  twice('header', 'alg', 'none', 'the last `none`', false),
  twice('header', 'kid', 'Key-unknown', 'the first unknown', true),
  twice('header', 'kid', 'Key-unknown', 'the last unknown', false, PUBLIC),
  twice('payload', 'exp', 1_000_000_000, 'the first expired', true),
  twice('payload', 'exp', 1_000_000_000, 'the last expired', false),
  twice('payload', 'aud', 'other', 'the first another', true),
  twice('payload', 'aud', 'other', 'the last another', false),
  twice('payload', 'iss', 'https://attacker.example/', 'the first another', true),
  twice('payload', 'iss', 'https://attacker.example/', 'the last another', false),
  twice('payload', 'sub', 'admin', 'the first another', true),
  twice('payload', 'sub', 'admin', 'the last another', false),
];

const SIZES = [
  mutation('size: a token of 17,000 bytes', ({ payload }, { random }) => {
    payload.filling = random.word(17_000);
  }),
];

export const JSON_TEXTS = [...BOTH, ...TWICE, ...SIZES];

/**
 * @param {'header' | 'payload'} part
 * @param {string} name
 * @param {unknown} other
 * @param {string} what
 * @param {boolean} first whether the other value comes first
 * @param {string[]} [algorithms]
 */
function twice(part, name, other, what, first, algorithms = ALL) {
  const change = (/** @type {Draft} */ draft) => {
    const member = `${JSON.stringify(name)}:${JSON.stringify(other)}`;
    const object = JSON.stringify(draft[part]);
    const text = first ? object.replace('{', `{${member},`) : object.replace(/\}$/, `,${member}}`);
    draft[/** @type {const} */ (`${part}Text`)] = text;
  };
  return mutation(`${part} JSON: ${name} twice, ${what}`, change, algorithms);
}

/** @param {number} depth */
function nested(depth) {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/**
 * Each character as one byte.
 *
 * @param {string} text
 */
function bytes(text) {
  return Buffer.from(text, 'latin1');
}
