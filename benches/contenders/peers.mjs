// Handlers as their users would write them with other verifiers: take the token out of the header, verify it, look for one
// group, take the header out. Each refuses like ours does where anything is wrong.

import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import * as jose from 'jose';
// @ts-expect-error: it brings no types
import jsonwebtoken from 'jsonwebtoken';

import { CLIENT_ID, GROUP, ISSUER, USER_POOL } from '../material/tokens.mjs';

/** @typedef {import('../material/keys.mjs').SigningKey} SigningKey */
/** @typedef {import('./ours.mjs').Handler} Handler */

/**
 * @param {(token: string) => any} verify gives the claims or throws
 * @returns {Handler}
 */
function handlerWith(verify) {
  return async (event) => {
    const { request } = event.Records[0].cf;
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization?.[0]?.value ?? '') ?? [];
    if (token === undefined) return answer('401', 'Unauthorized');
    try {
      const claims = verify(token);
      return decided(request, claims instanceof Promise ? await claims : claims);
    } catch {
      return answer('401', 'Unauthorized');
    }
  };
}

/**
 * @param {any} request
 * @param {any} claims
 */
function decided(request, claims) {
  if (!claims['cognito:groups']?.includes(GROUP)) return answer('403', 'Forbidden');
  delete request.headers.authorization;
  return request;
}

/**
 * @param {string} status
 * @param {string} statusDescription
 */
function answer(status, statusDescription) {
  return { status, statusDescription, headers: { 'cache-control': [{ value: 'no-store' }] } };
}

/** @type {(keys: SigningKey[]) => Handler} */
export function awsJwtVerify(keys) {
  const verifier = CognitoJwtVerifier.create({ userPoolId: USER_POOL, tokenUse: 'access', clientId: CLIENT_ID });
  verifier.cacheJwks(/** @type {any} */ (jwks(keys)));
  return handlerWith((token) => verifier.verifySync(token));
}

/**
 * For algorithms that Cognito does not use.
 *
 * @type {(keys: SigningKey[]) => Handler}
 */
export function awsJwtVerifyGeneric(keys) {
  const verifier = JwtVerifier.create({ issuer: ISSUER, audience: CLIENT_ID, jwksUri: `${ISSUER}/jwks.json` });
  verifier.cacheJwks(/** @type {any} */ (jwks(keys)));
  return handlerWith((token) => verifier.verifySync(token));
}

/** @type {(keys: SigningKey[], options?: { cache: number | boolean }) => Handler} */
export function fastJwt([key], { cache } = { cache: false }) {
  const verify = createVerifier({
    key: key?.pem,
    algorithms: [/** @type {any} */ (key?.algorithm)],
    allowedIss: ISSUER,
    cache,
  });
  return handlerWith((token) => verify(token));
}

/** @type {(keys: SigningKey[]) => Handler} */
export function joseVerify(keys) {
  const [key] = keys;
  const keySet = key?.algorithm === 'HS256' ? key.pem : jose.createLocalJWKSet(/** @type {any} */ (jwks(keys)));
  return handlerWith(async (token) => {
    const { payload } = await jose.jwtVerify(token, /** @type {any} */ (keySet), { issuer: ISSUER });
    return payload;
  });
}

/** @type {(keys: SigningKey[]) => Handler} */
export function jsonWebToken([key]) {
  return handlerWith((token) =>
    jsonwebtoken.verify(token, /** @type {any} */ (key?.pem), {
      algorithms: [/** @type {any} */ (key?.algorithm)],
      issuer: ISSUER,
    }),
  );
}

/** @param {SigningKey[]} keys */
function jwks(keys) {
  return { keys: keys.map(({ jwk }) => jwk) };
}
