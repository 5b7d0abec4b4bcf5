import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, stop } from '../../../www-shim/edge/listen.mjs';
import { signatureError } from './sigv4-verifier.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/**
 * @typedef {object} Verifier
 * @property {string} service
 * @property {string} region
 * @property {number} now seconds since 1970
 * @property {(request: IncomingMessage, body: Buffer, response: import('node:http').ServerResponse) => void} [answer]
 * to a request whose signature is right
 */

/** What the tests hand to the function as its role. Neither is a secret of anything. */
export const ROLE = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'the-secret-key-of-the-tests',
  AWS_SESSION_TOKEN: 'the-session-token-of-the-tests//==',
};

const CALLER = {
  accessKeyId: ROLE.AWS_ACCESS_KEY_ID,
  secretAccessKey: ROLE.AWS_SECRET_ACCESS_KEY,
  sessionToken: ROLE.AWS_SESSION_TOKEN,
};

/**
 * Starts a server that takes requests as AWS does: signed with Signature Version 4, by `ROLE`, now.
 *
 * @param {import('node:test').TestContext} t
 * @param {Verifier} verifier
 */
export async function startVerifier(t, verifier) {
  /** @type {{ method?: string, url?: string, headers: IncomingMessage['headers'], body: string, problem?: string }[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { method = '', url = '', headers } = request;
    const single = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const problem = signatureError({ method, url, headers: single, body }, { ...verifier, caller: CALLER });
    requests.push({ method, url, headers, body: body.toString(), ...(problem ? { problem } : {}) });
    if (problem) return response.writeHead(403, { 'content-type': 'text/plain' }).end(problem);
    return verifier.answer ? verifier.answer(request, body, response) : response.end('verified');
  });
  const url = await listen(server, 0);
  t.after(() => stop(server, 0));
  return { url, port: Number(new URL(url).port), requests };
}
