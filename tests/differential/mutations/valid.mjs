import { mutation, withClaim, withParameter, withText } from './mutation.mjs';

/**
 * Tokens that every verifier has to accept: without them, one that refuses everything would look
 * good.
 */
export const VALID = [
  mutation('valid: as it is', () => {}),
  withParameter('valid: typ JWT', 'typ', 'JWT'),
  withParameter('valid: no typ', 'typ', undefined),
  withParameter('valid: typ at+jwt', 'typ', 'at+jwt'),
  withParameter('valid: a header parameter that nobody knows', 'x-extra', { deep: ['er', 1] }),
  withParameter('valid: jku, which nobody follows', 'jku', 'https://attacker.example/jwks.json'),
  withParameter('valid: x5u, which nobody follows', 'x5u', 'https://attacker.example/cert'),
  mutation('valid: the members of the header in another order', (draft) => {
    draft.header = Object.fromEntries(Object.entries(draft.header).reverse());
  }),
  mutation('valid: white space in the JSON', (draft) => {
    draft.headerText = ` \n${JSON.stringify(draft.header, null, 2)}\t`;
    draft.payloadText = `\r\n${JSON.stringify(draft.payload, null, '\t')}  `;
  }),
  mutation('valid: names and values with escapes', (draft) => {
    draft.headerText = JSON.stringify(draft.header).replace('"alg"', '"\\u0061lg"');
    draft.payloadText = JSON.stringify(draft.payload)
      .replace('"iss"', '"\\u0069ss"')
      .replace('issuer.example', 'i\\u0073suer.example')
      .replaceAll('/', '\\/');
  }),
  mutation('valid: every claim of RFC 7519', ({ payload, now }, { random }) => {
    Object.assign(payload, { nbf: now - 5, jti: random.word(20) });
  }),
  withClaim('valid: no iat', 'iat', undefined),
  withClaim('valid: no nbf', 'nbf', undefined),
  withClaim('valid: no sub', 'sub', undefined),
  withClaim('valid: nbf 0', 'nbf', 0),
  mutation('valid: an integer of 70 bits', (draft) => {
    draft.payloadText = withText(draft.payload, '"large":1180591620717411303424');
  }),
  mutation('valid: a large payload', ({ payload }, { random }) => {
    payload.filling = random.word(8000);
  }),
  mutation('valid: nested eight deep', ({ payload }) => {
    payload.deep = JSON.parse(`${'['.repeat(7)}${']'.repeat(7)}`);
  }),
];
