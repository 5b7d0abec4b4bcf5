// The aws-jwt-verify handler as it would be deployed: bundled and minified, its key set beside it.

import { readFileSync } from 'node:fs';

import { CognitoJwtVerifier } from 'aws-jwt-verify';

// Of material/tokens.mjs, which would bring the making of keys into the bundle.
const USER_POOL = 'us-east-1_Example01';
const CLIENT_ID = '4l1exampleexampleexample1';
const GROUP = 'viewers';

const verifier = CognitoJwtVerifier.create({ userPoolId: USER_POOL, tokenUse: 'access', clientId: CLIENT_ID });
verifier.cacheJwks(JSON.parse(readFileSync(new URL('jwks.json', import.meta.url), 'utf8')));

export const handler = async (/** @type {any} */ event) => {
  const { request } = event.Records[0].cf;
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization?.[0]?.value ?? '') ?? [];
  try {
    const claims = verifier.verifySync(String(token));
    if (!claims['cognito:groups']?.includes(GROUP)) return { status: '403', statusDescription: 'Forbidden' };
  } catch {
    return { status: '401', statusDescription: 'Unauthorized' };
  }
  delete request.headers.authorization;
  return request;
};
