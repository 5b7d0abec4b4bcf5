import { mutation, withValueText } from './mutation.mjs';

const CLAIMS = /** @type {const} */ (['exp', 'nbf', 'iat']);

/** Values that are no NumericDate, or a strange one, as text: some have no other form. */
const VALUES = Object.entries({
  null: 'null',
  true: 'true',
  'an empty string': '""',
  'a word': '"never"',
  'an array': '[2000000000]',
  'an object': '{}',
  negative: '-1',
  'minus zero': '-0',
  zero: '0',
  'ten to the 15th': '1000000000000000',
  'two to the 53rd': '9007199254740992',
  'above two to the 53rd': '9007199254740994',
  'ten to the 18th': '1000000000000000000',
  'ten to the 308th': '1e308',
  'beyond every double': '1e400',
  'beyond every double, negative': '-1e400',
  NaN: 'NaN',
  'with a zero before it': '02000000000',
  'with a plus before it': '+2000000000',
  hexadecimal: '0x77359400',
});

/**
 * Values that would be in order, were they written as a number: the future for `exp`, the past for
 * the others.
 */
const WRITTEN = Object.entries({
  'a string of digits': (/** @type {number} */ time) => `"${time}"`,
  'a string of digits with spaces': (/** @type {number} */ time) => `" ${time} "`,
  'in an array': (/** @type {number} */ time) => `[${time}]`,
  'with a fraction': (/** @type {number} */ time) => `${time}.25`,
  'with an exponent': (/** @type {number} */ time) => `${time / 1e9}e9`,
  'an ISO 8601 string': (/** @type {number} */ time) => `"${new Date(time * 1000).toISOString()}"`,
});

const WRITINGS = CLAIMS.flatMap((claim) => [
  ...VALUES.map(([what, text]) =>
    mutation(`${claim}: ${what}`, (draft) => {
      draft.payloadText = withValueText(draft.payload, claim, text);
    }),
  ),
  ...WRITTEN.map(([what, text]) =>
    mutation(`${claim}: ${what}`, (draft, { random }) => {
      const distance = 60 + random.below(1000);
      const time = draft.now + (claim === 'exp' ? distance : -distance);
      draft.payloadText = withValueText(draft.payload, claim, text(time));
    }),
  ),
]);

/** The clock around each of the times, without and with seconds of grace. */
const CLOCK = [0, 30].flatMap((grace) =>
  [-1, -0.5, 0, 0.5, 1].flatMap((offset) =>
    CLAIMS.map((claim) => {
      const after = claim === 'exp' ? grace + offset : offset - grace;
      return mutation(`clock: ${secondsAfter(after)} ${claim}, grace ${grace}`, (draft) => {
        draft.setup.graceSeconds = grace;
        // nbf is in half of the tokens only; the others are there, and lie far enough away.
        draft.payload.nbf = draft.payload.iat;
        draft.payload[claim] = draft.now;
        draft.now += after;
      });
    }),
  ),
);

const OTHER = [
  mutation('exp: absent', ({ payload }) => {
    Object.assign(payload, { exp: undefined });
  }),
  mutation('exp: long ago', ({ payload, now }) => {
    payload.exp = now - 100_000_000;
  }),
  mutation('nbf: far ahead', ({ payload, now }) => {
    payload.nbf = now + 100_000_000;
  }),
  mutation('iat: far ahead', ({ payload, now }) => {
    payload.iat = now + 1000;
    payload.exp = now + 2000;
  }),
  mutation('nbf: after exp, both in order', ({ payload, setup, now }) => {
    setup.graceSeconds = 30;
    Object.assign(payload, { nbf: now + 10, exp: now - 10 });
  }),
  mutation('exp: with a fraction, half a second ahead', ({ payload, now }) => {
    payload.exp = now + 0.5;
  }),
  mutation('exp: with a fraction, half a second ago', ({ payload, now }) => {
    payload.exp = now - 0.5;
  }),
  mutation('nbf: with a fraction, half a second ahead', ({ payload, now }) => {
    payload.nbf = now + 0.5;
  }),
  mutation('exp: in milliseconds', ({ payload }) => {
    payload.exp *= 1000;
  }),
];

export const TIMES = [...WRITINGS, ...CLOCK, ...OTHER];

/** @param {number} after */
function secondsAfter(after) {
  if (after === 0) {
    return 'at';
  }
  return `${Math.abs(after)} s ${after > 0 ? 'after' : 'before'}`;
}
