import { CALLER } from './secret-server.mjs';

/**
 * Puts credentials into the environment, as Lambda does, until the test ends.
 *
 * @param {import('node:test').TestContext} t
 * @param {Partial<import('./sigv4-verifier.mjs').Caller>} [caller] nobody's, where it is `{}`
 */
export function assumeRole(t, { accessKeyId, secretAccessKey, sessionToken } = CALLER) {
  const before = { ...process.env };
  t.after(() => {
    for (const name of NAMES) set(name, before[name]);
  });
  const [id, secret, token, expiration] = NAMES;
  set(id, accessKeyId);
  set(secret, secretAccessKey);
  set(token, sessionToken);
  set(expiration, undefined);
}

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'];

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function set(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
