import { PUBLIC, algorithmsOf, keyId, sign } from '../generator/keys.mjs';
import { mutation } from './mutation.mjs';

/** @typedef {import('./mutation.mjs').Draft} Draft */
/** @typedef {import('../generator/keys.mjs').Jwk} Jwk */

// PyJWT takes a key without `alg` for the first algorithm of its type, so the others would tell
// nothing.
const OBVIOUS = ['RS256', 'ES256', 'ES384', 'EdDSA'];

/** Key sets that are not as simple as one would like. */
export const KEYS = [
  changed('keys: the only one', (jwk) => [jwk]),
  changed('keys: the only one, token without kid', (jwk) => [jwk], withoutKid),
  changed('keys: the only one, without kid', ({ kid: _, ...jwk }) => [jwk]),
  changed(
    'keys: the only one, without kid, token without kid',
    ({ kid: _, ...jwk }) => [jwk],
    withoutKid,
  ),
  changed('keys: without use', ({ use: _, ...jwk }) => [jwk]),
  changed('keys: without alg', ({ alg: _, ...jwk }) => [jwk], undefined, OBVIOUS),
  mutation(
    'keys: without alg, token of another algorithm of the key',
    (draft, { keys, random }) => {
      const { alg: _, ...jwk } = keys.jwk('RS256');
      const other = random.pick(['RS384', 'RS512']);
      Object.assign(draft.setup, { keySet: [jwk], algorithms: ['RS256'] });
      draft.header.alg = other;
      draft.sign = (input) => sign(other, keys.pair('RS256').privateKey, input);
    },
    ['RS256'],
  ),
  changed('keys: beside one of an unknown type', (jwk) => [{ kty: 'XYZ', kid: 'x' }, jwk]),
  changed('keys: beside one that is broken', (jwk) => [{ ...jwk, kid: 'x', n: '!', x: '!' }, jwk]),
  changed('keys: with members that nobody knows', (jwk) => [{ ...jwk, 'x-extra': [1] }]),
  changed('keys: key_ops verify', ({ use: _, ...jwk }) => [{ ...jwk, key_ops: ['verify'] }]),
  changed('keys: use enc', (jwk) => [{ ...jwk, use: 'enc' }]),
  changed('keys: key_ops encrypt', ({ use: _, ...jwk }) => [{ ...jwk, key_ops: ['encrypt'] }]),
  changed('keys: alg of another algorithm', (jwk) => [
    { ...jwk, alg: jwk.alg === 'RS256' ? 'RS384' : 'RS256' },
  ]),
  changed(
    'keys: of somebody else',
    (jwk) => [jwk],
    (draft, keys) => {
      draft.sign = (input) =>
        sign(draft.algorithm, keys.stranger(draft.algorithm).privateKey, input);
    },
  ),
  mutation(
    'keys: two with the same kid, the second is right',
    ({ setup, algorithm }, { keys }) => {
      setup.keySet = [strangersJwk(algorithm, keys), keys.jwk(algorithm)];
    },
    PUBLIC,
  ),
  mutation(
    'keys: two that fit, token without kid',
    (draft, { keys }) => {
      const { algorithm, setup } = draft;
      setup.keySet = [keys.jwk(algorithm), { ...strangersJwk(algorithm, keys), kid: 'Key-other' }];
      withoutKid(draft);
    },
    PUBLIC,
  ),
  mutation(
    'keys: with the same kid, for different algorithms',
    ({ setup, algorithm, header }, { keys }) => {
      const others = PUBLIC.filter((name) => name !== algorithm);
      setup.keySet = [...others, algorithm].map((name) => ({ ...keys.jwk(name), kid: 'Key-same' }));
      header.kid = 'Key-same';
    },
    PUBLIC,
  ),
  mutation(
    'keys: the right one, not on the list of algorithms',
    ({ setup, algorithm }) => {
      setup.algorithms = PUBLIC.filter((name) => name !== algorithm);
    },
    algorithmsOf('rsa', 'pss', 'ec', 'ed'),
  ),
];

/**
 * @param {string} name
 * @param {(jwk: Jwk) => Jwk[]} keySet of the one key
 * @param {(draft: Draft, keys: import('../generator/keys.mjs').Keys) => void} [change]
 * @param {string[]} [algorithms]
 */
function changed(name, keySet, change, algorithms = PUBLIC) {
  return mutation(
    name,
    (draft, { keys }) => {
      draft.setup.algorithms = [draft.algorithm];
      draft.setup.keySet = keySet(keys.jwk(draft.algorithm));
      change?.(draft, keys);
    },
    algorithms,
  );
}

/** @param {Draft} draft */
function withoutKid({ header }) {
  delete header.kid;
}

/**
 * @param {string} algorithm
 * @param {import('../generator/keys.mjs').Keys} keys
 * @returns {Jwk}
 */
function strangersJwk(algorithm, keys) {
  const jwk = keys.stranger(algorithm).publicKey.export({ format: 'jwk' });
  return { ...jwk, kid: keyId(algorithm), alg: algorithm, use: 'sig' };
}
