import { AUDIENCE, ISSUER } from '../generator/draft.mjs';
import { mutation, withClaim } from './mutation.mjs';

/** @typedef {import('../generator/draft.mjs').Setup} Setup */

const AUD = [
  withClaim('aud: a string', 'aud', AUDIENCE),
  withClaim('aud: an array of one', 'aud', [AUDIENCE]),
  withClaim('aud: an array with ours last', 'aud', ['a', 'b', AUDIENCE]),
  withClaim('aud: ours twice', 'aud', [AUDIENCE, AUDIENCE]),
  withClaim('aud: absent', 'aud', undefined),
  withClaim('aud: null', 'aud', null),
  withClaim('aud: a number', 'aud', 7),
  withClaim('aud: true', 'aud', true),
  withClaim('aud: an object', 'aud', { [AUDIENCE]: AUDIENCE }),
  withClaim('aud: empty', 'aud', ''),
  withClaim('aud: an empty array', 'aud', []),
  withClaim('aud: another', 'aud', 'other'),
  withClaim('aud: an array of others', 'aud', ['other', 'another']),
  withClaim('aud: ours, then a number', 'aud', [AUDIENCE, 7]),
  withClaim('aud: a number, then ours', 'aud', [7, AUDIENCE]),
  withClaim('aud: ours in an inner array', 'aud', [[AUDIENCE]]),
  withClaim('aud: in upper case', 'aud', AUDIENCE.toUpperCase()),
  withClaim('aud: a part of ours', 'aud', AUDIENCE.slice(0, -1)),
  withClaim('aud: ours and more', 'aud', `${AUDIENCE}-admin`),
  withClaim('aud: ours with a space after it', 'aud', `${AUDIENCE} `),
  withClaim('aud: ours in a list with spaces', 'aud', `other ${AUDIENCE}`),
];

const ISS = [
  withClaim('iss: absent', 'iss', undefined),
  withClaim('iss: null', 'iss', null),
  withClaim('iss: a number', 'iss', 7),
  withClaim('iss: an array of ours', 'iss', [ISSUER]),
  withClaim('iss: an object', 'iss', { iss: ISSUER }),
  withClaim('iss: empty', 'iss', ''),
  withClaim('iss: another', 'iss', 'https://attacker.example/pool'),
  withClaim('iss: with a slash after it', 'iss', `${ISSUER}/`),
  withClaim('iss: a part of ours', 'iss', ISSUER.slice(0, -1)),
  withClaim('iss: ours and more', 'iss', `${ISSUER}.attacker.example`),
  withClaim('iss: in upper case', 'iss', ISSUER.toUpperCase()),
  withClaim('iss: with a port', 'iss', ISSUER.replace('.example', '.example:443')),
  withClaim('iss: ours with a space after it', 'iss', `${ISSUER} `),
];

/** Claims that RFC 7519 gives a type, and that are not asked for here. */
const OTHERS = ['sub', 'jti', 'scope'].flatMap((claim) => [
  withClaim(`${claim}: a number`, claim, 7),
  withClaim(`${claim}: null`, claim, null),
  withClaim(`${claim}: an array`, claim, ['a']),
  withClaim(`${claim}: an object`, claim, {}),
]);

/** The same questions to verifiers that are configured otherwise. */
const CONFIGURED = [
  configured('two audiences: the first', { audience: [AUDIENCE, 'videos'] }, AUDIENCE),
  configured('two audiences: the second', { audience: [AUDIENCE, 'videos'] }, 'videos'),
  configured('two audiences: both', { audience: [AUDIENCE, 'videos'] }, ['videos', AUDIENCE]),
  configured('two audiences: neither', { audience: [AUDIENCE, 'videos'] }, ['a', 'b']),
  configured('two audiences: joined', { audience: [AUDIENCE, 'videos'] }, `${AUDIENCE},videos`),
  configured('any audience: absent', { audience: null }, undefined),
  configured('any audience: another', { audience: null }, 'other'),
  configured('any audience: a number', { audience: null }, 7),
  configured('any audience: null', { audience: null }, null),
  mutation('another issuer configured', ({ setup }) => {
    setup.issuer = `${ISSUER}/`;
  }),
  mutation('another issuer configured, and in the token', ({ setup, payload }) => {
    setup.issuer = `${ISSUER}/`;
    payload.iss = `${ISSUER}/`;
  }),
  mutation('no expiry needed: absent', ({ setup, payload }) => {
    setup.allowMissingExpiry = true;
    Object.assign(payload, { exp: undefined });
  }),
  mutation('no expiry needed: expired', ({ setup, payload, now }) => {
    setup.allowMissingExpiry = true;
    payload.exp = now - 10;
  }),
  mutation('no expiry needed: null', ({ setup, payload }) => {
    setup.allowMissingExpiry = true;
    Object.assign(payload, { exp: null });
  }),
];

export const CLAIMS = [...AUD, ...ISS, ...OTHERS, ...CONFIGURED];

/**
 * @param {string} name
 * @param {Partial<Setup>} setup
 * @param {unknown} aud
 */
function configured(name, setup, aud) {
  return mutation(name, (draft) => {
    Object.assign(draft.setup, setup);
    draft.payload.aud = aud;
  });
}
