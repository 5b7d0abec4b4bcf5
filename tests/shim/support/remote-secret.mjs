import { generateKey } from '../../../www-shim/edge/development-keys.mjs';
import { assumeRole } from './role.mjs';
import { startSecretServer } from './secret-server.mjs';
import { startHandler } from './shipped-handler.mjs';
import { tokenFor } from './tokens.mjs';
import { CONFIGURATION, NOW } from './viewer-event.mjs';

const DAY = 24 * 3600;
/** Good for as long as any of these tests runs. */
const LASTING = { iat: NOW - 30 * DAY, exp: NOW + 30 * DAY };

/** The name under which the tests' secret lies. */
export const NAME = '/images/token-secret';

export const SECRET = 'the-secret-of-these-tests-0123456789-abcdef';
export const NEW_SECRET = 'a-newer-one-of-these-tests-0123456789-abcdef';

/** @param {string} value */
export function parameter(value) {
  return { Parameter: { Name: NAME, Type: 'SecureString', Value: value, Version: 1 } };
}

/**
 * Starts a handler whose secret lies with a service, and that service.
 *
 * @param {import('node:test').TestContext} t
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.reference] instead of a parameter's
 * @param {object} [options.answer] of the service
 * @param {string} [options.region]
 */
export async function startWithRemoteSecret(t, { reference = { ssm: NAME }, answer, region } = {}) {
  assumeRole(t);
  const time = { now: () => NOW };
  const server = await startSecretServer(t, { now: () => time.now(), region });
  const [[, name]] = Object.entries(reference);
  server.secrets[String(name)] = answer ?? parameter(SECRET);
  const { issuer, audience } = CONFIGURATION.providers.dev;
  const secret = { ...reference, endpoint: server.endpoint };
  const provider = { issuer, audience, algorithms: ['HS256'], secret };
  const shim = await startHandler({
    configuration: { ...CONFIGURATION, providers: { hs: provider }, logLevel: 'debug' },
  });
  time.now = () => shim.clock.now;
  shim.log.mustNotTell(SECRET, NEW_SECRET, Buffer.from(SECRET).toString('base64'));
  const viewWith = (/** @type {string} */ text) => {
    const key = { ...generateKey('HS256'), k: Buffer.from(text).toString('base64url') };
    return shim.send('/users/alice/a.png', { token: tokenFor(key, 'alice', LASTING) });
  };
  return { ...shim, server, viewWith, view: () => viewWith(SECRET) };
}
