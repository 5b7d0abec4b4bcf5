import { ALGORITHMS, PUBLIC, algorithmsOf, hmac, keyId, sign } from '../generator/keys.mjs';
import { mutation, withParameter } from './mutation.mjs';

/** @typedef {import('./mutation.mjs').Draft} Draft */

const noSignature = () => Buffer.alloc(0);

/** What `alg` says. */
const ALG = [
  ...['none', 'None', 'NONE', 'nOnE', 'none '].flatMap((alg) => [
    mutation(`header: alg is \`${alg}\`, no signature`, (draft) => {
      draft.header.alg = alg;
      draft.afterSigning = noSignature;
    }),
    withParameter(`header: alg is \`${alg}\`, signed`, 'alg', alg),
  ]),
  mutation('header: alg in lower case', ({ header, algorithm }) => {
    header.alg = algorithm.toLowerCase();
  }),
  mutation('header: alg with a space after it', ({ header, algorithm }) => {
    header.alg = `${algorithm} `;
  }),
  mutation('header: alg in an array', ({ header, algorithm }) => {
    header.alg = [algorithm];
  }),
  withParameter('header: alg absent', 'alg', undefined),
  withParameter('header: alg null', 'alg', null),
  withParameter('header: alg a number', 'alg', 256),
  withParameter('header: alg empty', 'alg', ''),
  withParameter('header: alg of a key encryption', 'alg', 'RSA-OAEP'),
  withParameter('header: alg ES256K', 'alg', 'ES256K'),
  withParameter('header: alg `__proto__`', 'alg', '__proto__'),
  withParameter('header: alg Ed25519 (RFC 9864)', 'alg', 'Ed25519', ['EdDSA']),
  mutation('header: alg of another algorithm, signature of the first', (draft, { random }) => {
    draft.header.alg = random.pick(others(draft));
  }),
  mutation(
    'header: alg with another hash, signed so with the same key',
    (draft, { random, keys }) => {
      const other = random.pick(siblings(draft));
      draft.header.alg = other;
      draft.sign = (input) =>
        ALGORITHMS[other].kind === 'hmac'
          ? hmac(other, keys.secret(draft.algorithm), input)
          : sign(other, keys.pair(draft.algorithm).privateKey, input);
    },
    algorithmsOf('rsa', 'pss', 'hmac'),
  ),
  mutation(
    'header: alg and signature of another key of the set, kid of the first',
    (draft, { random, keys }) => {
      const other = random.pick(others(draft).filter((name) => PUBLIC.includes(name)));
      draft.header.alg = other;
      draft.sign = (input) => keys.sign(other, input);
    },
    PUBLIC,
  ),
];

/** The public key taken for a shared secret (threat 2), in the forms in which servers keep keys. */
const CONFUSION = ['PEM', 'PEM without line break at its end', 'DER', 'JWK', 'coordinate'].map(
  (form) =>
    mutation(
      `header: alg HS256, the public key as secret (${form})`,
      (draft, { keys, random }) => {
        const { publicKey } = keys.pair(draft.algorithm);
        const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));
        const jwk = publicKey.export({ format: 'jwk' });
        const secrets = {
          PEM: pem,
          'PEM without line break at its end': pem.trimEnd(),
          DER: publicKey.export({ format: 'der', type: 'spki' }),
          JWK: JSON.stringify(keys.jwk(draft.algorithm)),
          coordinate: Buffer.from(jwk.n ?? jwk.x ?? '', 'base64url'),
        };
        const alg = random.pick(['HS256', 'HS384', 'HS512']);
        draft.header.alg = alg;
        draft.sign = (input) => hmac(alg, secrets[/** @type {keyof secrets} */ (form)], input);
      },
      PUBLIC,
    ),
);

const TYP = [
  withParameter('header: typ in lower case', 'typ', 'jwt'),
  withParameter('header: typ application/jwt', 'typ', 'application/jwt'),
  withParameter('header: typ of another kind', 'typ', 'secevent+jwt'),
  withParameter('header: typ a number', 'typ', 1),
  withParameter('header: typ null', 'typ', null),
  withParameter('header: typ an array', 'typ', ['JWT']),
];

const CRITICAL = [
  mutation('header: crit names an extension that is there', ({ header }) => {
    Object.assign(header, { crit: ['x-must'], 'x-must': true });
  }),
  mutation('header: crit names a member of RFC 7519 that is there', ({ header, now }) => {
    Object.assign(header, { crit: ['exp'], exp: now + 60 });
  }),
  mutation('header: crit names b64, b64 is true', ({ header }) => {
    Object.assign(header, { crit: ['b64'], b64: true });
  }),
  mutation('header: crit names b64, b64 is false, payload encoded', ({ header }) => {
    Object.assign(header, { crit: ['b64'], b64: false });
  }),
  mutation('header: crit names b64, b64 is false, payload not encoded', (draft) => {
    Object.assign(draft.header, { crit: ['b64'], b64: false });
    // As RFC 7797, section 5.2, has it: the payload itself, without a full stop in it.
    draft.setup.issuer = 'https://issuer/pool';
    draft.payload = { ...draft.payload, iss: draft.setup.issuer, groups: undefined };
    draft.beforeSigning = ([header]) => [header, JSON.stringify(draft.payload)];
  }),
  withParameter('header: crit names an extension that is not there', 'crit', ['x-must']),
  withParameter('header: crit names alg', 'crit', ['alg']),
  withParameter('header: crit empty', 'crit', []),
  withParameter('header: crit a string', 'crit', 'x-must'),
  withParameter('header: crit null', 'crit', null),
  withParameter('header: crit an object', 'crit', {}),
  withParameter('header: crit with a number in it', 'crit', [1]),
  withParameter('header: b64 true, without crit', 'b64', true),
  withParameter('header: b64 false, without crit', 'b64', false),
  withParameter('header: b64 null, without crit', 'b64', null),
];

const OTHER = [
  withParameter('header: enc', 'enc', 'A256GCM'),
  withParameter('header: zip', 'zip', 'DEF'),
  withParameter('header: cty JWT', 'cty', 'JWT'),
  withParameter('header: cty application/jwt', 'cty', 'application/jwt'),
  withParameter('header: cty json', 'cty', 'json'),
  withParameter('header: cty a number', 'cty', 7),
  mutation(
    'header: jwk brings the key of the signature',
    (draft, { keys }) => {
      const stranger = keys.stranger(draft.algorithm);
      draft.header.jwk = stranger.publicKey.export({ format: 'jwk' });
      draft.sign = (input) => sign(draft.algorithm, stranger.privateKey, input);
    },
    PUBLIC,
  ),
  mutation(
    'header: jwk brings the key of the signature, no kid',
    (draft, { keys }) => {
      const stranger = keys.stranger(draft.algorithm);
      delete draft.header.kid;
      draft.header.jwk = stranger.publicKey.export({ format: 'jwk' });
      draft.sign = (input) => sign(draft.algorithm, stranger.privateKey, input);
    },
    PUBLIC,
  ),
  mutation(
    'header: jwk that is the right key',
    ({ header, algorithm }, { keys }) => {
      header.jwk = keys.jwk(algorithm);
    },
    PUBLIC,
  ),
  withParameter('header: x5c that is no certificate', 'x5c', ['AAAA']),
  withParameter('header: x5t a number', 'x5t', 1),
];

const KID = [
  ...kid('unknown', 'Key-unknown'),
  ...kid('absent', undefined),
  ...kid('empty', ''),
  ...kid('null', null),
  ...kid('a number', 7),
  ...kid('an array', ['Key-RS256']),
  ...kid('an object', { kid: 'Key-RS256' }),
  ...kid('a path', '../../../../dev/null'),
  ...kid('SQL', "x' UNION SELECT 'secret'; --"),
  ...kid('`__proto__`', '__proto__'),
  ...kid('of the key for encryption', 'Key-encryption'),
  ...[
    /** @type {const} */ (['in lower case', (/** @type {string} */ id) => id.toLowerCase()]),
    /** @type {const} */ (['with a space after it', (/** @type {string} */ id) => `${id} `]),
    /** @type {const} */ (['with NUL after it', (/** @type {string} */ id) => `${id}\0`]),
    /** @type {const} */ (['without its end', (/** @type {string} */ id) => id.slice(0, -1)]),
  ].map(([what, change]) =>
    mutation(
      `header: kid ${what}`,
      ({ header, algorithm }) => {
        header.kid = change(keyId(algorithm));
      },
      PUBLIC,
    ),
  ),
  mutation(
    'header: kid of another key of the same type',
    ({ header, algorithm }) => {
      const { kind } = ALGORITHMS[algorithm];
      header.kid = keyId(kind === 'rsa' ? 'PS256' : 'RS256');
    },
    algorithmsOf('rsa', 'pss'),
  ),
];

export const HEADER = [...ALG, ...CONFUSION, ...TYP, ...CRITICAL, ...OTHER, ...KID];

/**
 * A key set is searched by `kid`; for a shared secret there is nothing to search.
 *
 * @param {string} what
 * @param {unknown} value
 */
function kid(what, value) {
  return [
    withParameter(`header: kid ${what}`, 'kid', value, PUBLIC),
    withParameter(`header: kid ${what}, shared secret`, 'kid', value, algorithmsOf('hmac')),
  ];
}

/** @param {Draft} draft */
function others(draft) {
  return Object.keys(ALGORITHMS).filter((name) => name !== draft.algorithm);
}

/** @param {Draft} draft */
function siblings(draft) {
  const { kind } = ALGORITHMS[draft.algorithm];
  return others(draft).filter((name) => ALGORITHMS[name].kind === kind);
}
