// A browser with a session in sealed cookies beside a client with the same token in a header: both were seen before.

import { randomBytes } from 'node:crypto';

import { ourHandler } from '../contenders/ours.mjs';
import { GENERIC, pathFor, rules } from '../material/configurations.mjs';
import { eventText, eventTextWith } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { SignInProvider } from '../material/sign-in-provider.mjs';
import { CLIENT_ID } from '../material/tokens.mjs';
import { comparison } from '../report/rows.mjs';
import { inTurn, ratio, turnOf } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */
/** @typedef {import('../contenders/ours.mjs').Handler} Handler */

const RULES = 20;
const SESSIONS = 128;
const BEARER = 'the token in a header';
const SESSION = 'a session in cookies';
const LIMIT = 1.5;

/** What browsers send where somebody opens a page. */
const NAVIGATION = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

/**
 * @param {Bench} bench
 * @returns {Promise<import('../report/rows.mjs').Section>}
 */
export async function sessions({ zipFolder, effort }) {
  const key = makeKey('RS256');
  const provider = new SignInProvider(key);
  await provider.start();
  const { issuer } = provider;
  const staff = { ...GENERIC, issuer, algorithms: ['RS256'], signIn: { clientId: CLIENT_ID } };
  const signIn = { cookieKey: { file: './cookie-key' } };
  const forward = { claimToHeaders: { 'x-user': 'sub' } };
  const configuration = JSON.stringify({ providers: { staff }, signIn, rules: rules(RULES), forward });
  const files = { 'cookie-key': randomBytes(32).toString('base64') };
  const handler = await ourHandler(zipFolder, configuration, { staff: [key] }, files);
  const signedIn = [];
  for (let n = 0; n < (effort.tiny ? 4 : SESSIONS); n += 1) signedIn.push(await enter(handler, provider, pathFor(RULES, n)));
  await provider.stop();
  const texts = {
    [BEARER]: signedIn.map(({ token, uri }) => eventText(token, uri)),
    [SESSION]: signedIn.map(({ cookie, uri }) => eventTextWith({ Cookie: cookie }, uri)),
  };
  const contenders = Object.entries(texts).map(([name, list]) => {
    return { name, calls: list.length, prepare: turnOf(handler, () => list) };
  });
  const samples = await inTurn(contenders, effort.rounds(80, 400));
  return {
    title: `a session in cookies, ${signedIn.length} of them, all seen before: the whole call of the handler`,
    rows: comparison(samples, BEARER),
    goals: [
      {
        what: 'a session in cookies, against the same token in a header',
        goal: `≤ ${LIMIT.toFixed(1)} × its time`,
        measured: ratio(samples.get(SESSION) ?? [], samples.get(BEARER) ?? []).median,
        unit: '× its time',
        isMet: (value) => value <= LIMIT,
      },
    ],
  };
}

/**
 * Somebody without a session opens a page, signs in, and comes back.
 *
 * @param {Handler} handler
 * @param {SignInProvider} provider
 * @param {string} uri
 */
async function enter(handler, provider, uri) {
  const sent = await handler(JSON.parse(eventTextWith(NAVIGATION, uri)));
  const [path = '', query] = provider.letIn(sent.headers.location[0].value).split('?');
  const headers = { ...NAVIGATION, Cookie: cookiesOf(sent) };
  const received = await handler(JSON.parse(eventTextWith(headers, path, query)));
  return { uri, token: provider.token, cookie: cookiesOf(received) };
}

/**
 * The cookies that an answer sets, as a browser sends them.
 *
 * @param {any} answer
 */
function cookiesOf({ headers }) {
  const pairs = headers['set-cookie'].map((/** @type {{ value: string }} */ { value }) => value.split(';')[0]);
  return pairs.filter((/** @type {string} */ pair) => !pair.endsWith('=')).join('; ');
}
