import { PUBLIC, ALL, algorithmsOf, hmac, sign } from '../generator/keys.mjs';
import { mutation } from './mutation.mjs';

const RSA = algorithmsOf('rsa', 'pss');
const ECDSA = algorithmsOf('ec');
const HMAC = algorithmsOf('hmac');

/**
 * The orders of the groups: FIPS 186-5 by way of SEC 2, sections 2.4.2 and 2.5.1; RFC 8032,
 * section 5.1.
 */
const ORDERS = /** @type {Record<string, bigint>} */ ({
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES384:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  EdDSA: 2n ** 252n + 27742317777372353535851937790883648493n,
});

const DAMAGED = [
  changed('one bit flipped', (signature, random) => {
    const flipped = Buffer.from(signature);
    flipped[random.below(flipped.length)] ^= 1 << random.below(8);
    return flipped;
  }),
  changed('its first bit flipped', (signature) => {
    const flipped = Buffer.from(signature);
    flipped[0] ^= 0x80;
    return flipped;
  }),
  changed('its last bit flipped', (signature) => {
    const flipped = Buffer.from(signature);
    flipped[flipped.length - 1] ^= 1;
    return flipped;
  }),
  changed('a byte missing at the end', (signature) => signature.subarray(0, -1)),
  changed('a byte missing at the beginning', (signature) => signature.subarray(1)),
  changed('half of it', (signature) => signature.subarray(0, signature.length / 2)),
  changed('one byte of it', (signature) => signature.subarray(0, 1)),
  changed('empty', () => Buffer.alloc(0)),
  changed('a zero after it', (signature) => Buffer.concat([signature, Buffer.alloc(1)])),
  changed('a zero before it', (signature) => Buffer.concat([Buffer.alloc(1), signature])),
  changed('twice', (signature) => Buffer.concat([signature, signature])),
  changed('backwards', (signature) => Buffer.from(signature).reverse()),
  changed('zeros', (signature) => Buffer.alloc(signature.length)),
  changed('ones', (signature) => Buffer.alloc(signature.length, 0xff)),
  changed('one', (signature) => fixed(1n, signature.length)),
  changed('as hexadecimal text', (signature) => Buffer.from(signature.toString('hex'))),
];

const OF_SOMETHING_ELSE = [
  mutation('signature: of another payload', (draft, { keys }) => {
    draft.sign = (input) => keys.sign(draft.algorithm, `${input}A`);
  }),
  mutation('signature: of the payload alone', (draft, { keys }) => {
    draft.sign = (input) => keys.sign(draft.algorithm, input.split('.')[1]);
  }),
  mutation('signature: of the decoded texts', (draft, { keys }) => {
    draft.sign = (input) => {
      const texts = input.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      return keys.sign(draft.algorithm, texts.join('.'));
    };
  }),
  mutation(
    'signature: by another key',
    (draft, { keys }) => {
      const { privateKey } = keys.stranger(draft.algorithm);
      draft.sign = (input) => sign(draft.algorithm, privateKey, input);
    },
    PUBLIC,
  ),
  mutation('signature: of another algorithm', (draft, { keys, random }) => {
    const other = random.pick(ALL.filter((name) => name !== draft.algorithm));
    draft.sign = (input) => keys.sign(other, input);
  }),
  mutation(
    'signature: of PSS for PKCS #1 v1.5, or the other way',
    (draft, { keys }) => {
      const { algorithm } = draft;
      const other = algorithm.startsWith('RS')
        ? `PS${algorithm.slice(2)}`
        : `RS${algorithm.slice(2)}`;
      draft.sign = (input) => sign(other, keys.pair(algorithm).privateKey, input);
    },
    RSA,
  ),
];

const OF_EACH_KIND = [
  mutation(
    'signature: RSA, with the modulus added',
    (draft, { keys }) => {
      const { privateKey } = keys.pair(draft.algorithm);
      const modulus = number(
        Buffer.from(String(privateKey.export({ format: 'jwk' }).n), 'base64url'),
      );
      // Only a small one leaves room; another claim gives another signature. With a modulus that
      // leaves hardly any, the sum is a byte longer.
      draft.beforeSigning = ([header]) => {
        for (let attempt = 0; ; attempt += 1) {
          const text = JSON.stringify({ ...draft.payload, attempt });
          const payload = Buffer.from(text).toString('base64url');
          const signature = sign(draft.algorithm, privateKey, `${header}.${payload}`);
          if (number(signature) + modulus < 2n ** 2048n || attempt === 30) {
            draft.sign = () => fixed(number(signature) + modulus, signature.length);
            return [header, payload];
          }
        }
      };
    },
    RSA,
  ),
  ...[0, 20, 100].map((salt) =>
    mutation(
      `signature: PSS, salt of ${salt} bytes`,
      (draft, { keys }) => {
        const { privateKey } = keys.pair(draft.algorithm);
        draft.sign = (input) => sign(draft.algorithm, privateKey, input, salt);
      },
      algorithmsOf('pss'),
    ),
  ),
  pair('ECDSA, in DER', (r, s, size) => der(r, s, size)),
  pair('ECDSA, R and S exchanged', (r, s, size) => both(s, r, size)),
  pair('ECDSA, R zero', (_, s, size) => both(0n, s, size)),
  pair('ECDSA, S zero', (r, _, size) => both(r, 0n, size)),
  pair('ECDSA, R the order', (_, s, size, order) => both(order, s, size)),
  pair('ECDSA, S the order', (r, _, size, order) => both(r, order, size)),
  pair('ECDSA, the higher S', (r, s, size, order) => both(r, s * 2n > order ? s : order - s, size)),
  pair('ECDSA, the lower S', (r, s, size, order) => both(r, s * 2n > order ? order - s : s, size)),
  pair('ECDSA, each number with a zero before it', (r, s, size) => both(r, s, size + 1)),
  mutation(
    'signature: Ed25519, S with the order added',
    (draft) => {
      draft.afterSigning = (signature) => {
        const s = number(Buffer.from(signature.subarray(32)).reverse()) + ORDERS.EdDSA;
        return Buffer.concat([signature.subarray(0, 32), fixed(s, 32).reverse()]);
      };
    },
    ['EdDSA'],
  ),
  ...Object.entries({
    'an empty secret': () => '',
    'the secret with a line break after it': (/** @type {Buffer} */ secret) =>
      Buffer.concat([secret, Buffer.from('\n')]),
    'the secret in base64': (/** @type {Buffer} */ secret) => secret.toString('base64'),
    'the secret without its end': (/** @type {Buffer} */ secret) => secret.subarray(0, -1),
  }).map(([what, secret]) =>
    mutation(
      `signature: HMAC with ${what}`,
      (draft, { keys }) => {
        draft.sign = (input) => hmac(draft.algorithm, secret(keys.secret(draft.algorithm)), input);
      },
      HMAC,
    ),
  ),
];

export const SIGNATURE = [...DAMAGED, ...OF_SOMETHING_ELSE, ...OF_EACH_KIND];

/**
 * @param {string} what
 * @param {(signature: Buffer, random: import('../generator/random.mjs').Random) => Buffer} change
 */
function changed(what, change) {
  return mutation(
    `signature: ${what}`,
    (draft, { random }) => {
      draft.afterSigning = (signature) => change(signature, random);
    },
    ALL,
  );
}

/**
 * @param {string} what
 * @param {(r: bigint, s: bigint, size: number, order: bigint) => Buffer} change
 */
function pair(what, change) {
  return mutation(
    `signature: ${what}`,
    (draft) => {
      draft.afterSigning = (signature) => {
        const size = signature.length / 2;
        const [r, s] = [signature.subarray(0, size), signature.subarray(size)].map(number);
        return change(r, s, size, ORDERS[draft.algorithm]);
      };
    },
    ECDSA,
  );
}

/** @param {Buffer} bytes */
function number(bytes) {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/**
 * @param {bigint} value
 * @param {number} size in bytes, at least
 */
function fixed(value, size) {
  const digits = value.toString(16);
  return Buffer.from(
    digits.padStart(Math.max(size * 2, digits.length + (digits.length % 2)), '0'),
    'hex',
  );
}

/**
 * @param {bigint} r
 * @param {bigint} s
 * @param {number} size
 */
function both(r, s, size) {
  return Buffer.concat([fixed(r, size), fixed(s, size)]);
}

/**
 * @param {bigint} r
 * @param {bigint} s
 * @param {number} size
 */
function der(r, s, size) {
  const integers = [r, s].map((value) => {
    // A zero before it, then as few bytes as keep the number positive.
    const digits = fixed(value, size + 1);
    const start = digits.findIndex((byte, i) => byte !== 0 || (digits[i + 1] ?? 0x80) >= 0x80);
    const content = digits.subarray(start);
    return Buffer.concat([Buffer.of(0x02, content.length), content]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
