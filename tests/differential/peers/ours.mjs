import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { once } from './verdict.mjs';

/** @typedef {import('../generator/draft.mjs').Setup} Setup */
/** @typedef {import('./verdict.mjs').Answer} Answer */

// From the unpacked zip where there is one: the module that ships.
const folder = process.env.EDGE_AUTHORIZER_ZIP_FOLDER ?? fileURLToPath(new URL('../../../www-shim/', import.meta.url));
/** @type {typeof import('../../../www-shim/lib/handler.mjs')} */
const { loadModule } = await import(pathToFileURL(join(folder, 'lib/handler.mjs')).href);

/** The class that the module exports. */
export const { Authorizer } = loadModule();

// The life of key sets has tests of its own.
const TRUSTED_UNTIL = Infinity;

/**
 * Our own answers, through the exports of the WebAssembly module. Whatever it throws ends the test.
 *
 * @param {import('../generator/cases.mjs').Case[]} questions
 * @returns {Answer[]}
 */
export function askOurs(questions) {
  const authorizerFor = once((/** @type {Setup} */ setup) => authorizerOf(setup));
  return questions.map(({ setup, token, now }) => {
    const authorizer = authorizerFor(setup);
    if (typeof authorizer === 'string') {
      return { verdict: 'reject', why: authorizer };
    }
    const headers = { token: [{ key: 'Token', value: token }] };
    const request = { clientIp: '203.0.113.9', method: 'GET', uri: '/a', querystring: '', headers };
    const outcome = authorizer.authorizeViewerRequest(request, now, true);
    return {
      verdict: outcome.kind === 'forward' ? 'accept' : 'reject',
      why: outcome.kind === 'forward' || outcome.kind === 'respond' ? outcome.code : outcome.kind,
    };
  });
}

/**
 * @param {Setup} setup
 * @returns {import('../../../pkg/edge_authorizer.js').Authorizer | string} or why no key is usable
 */
function authorizerOf(setup) {
  const { algorithms, issuer, audience, graceSeconds, allowMissingExpiry, keySet, secret } = setup;
  const keys = secret ? { secret: { file: './secret' } } : { jwksUri: `${issuer}/jwks.json` };
  const authorizer = new Authorizer(
    JSON.stringify({
      providers: {
        issuer: { issuer, audience, algorithms, graceSeconds, allowMissingExpiry, ...keys },
      },
      token: [{ header: 'token' }],
      rules: [{ match: { path: '/{*rest}' }, allow: 'authenticated' }],
    }),
  );
  if (secret) {
    authorizer.setSecret('providers.issuer.secret', secret, Infinity);
    return authorizer;
  }
  try {
    authorizer.setKeySet('issuer', JSON.stringify({ keys: keySet }), TRUSTED_UNTIL);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    if (!message.includes('no usable key')) {
      throw error;
    }
    return message;
  }
  return authorizer;
}
