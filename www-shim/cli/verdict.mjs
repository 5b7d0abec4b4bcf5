import { isToBeSigned, sign } from '../lib/origin-request.mjs';
import { RANDOM_BYTES } from '../lib/sign-in.mjs';
import { decide, unavailable, viewerRequest } from '../lib/viewer-request.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('./types.d.ts').Verdict} Verdict */

/**
 * Decides about an event as the handler does, without a network: keys are what they are.
 *
 * @param {Authorizer} authorizer
 * @param {any} event the whole event
 * @param {number} now seconds since 1970
 * @returns {Verdict}
 * @throws {Error} what the module throws; the caller has to discard it then
 */
export function verdictOn(authorizer, event, now) {
  let outcome = isToBeSigned(authorizer, event)
    ? sign(authorizer, event, now)
    : decide(authorizer, event, now, { keysAreFinal: true });
  if (outcome.kind === 'sign-in') outcome = signInWithoutNetwork(authorizer, viewerRequest(event), now);
  if (outcome.kind === 'fetch-needed') {
    const detail = 'the function would fetch this, and answer with it';
    const result = { fetch: outcome.request };
    return { decision: 'respond', status: null, code: 'generated', rule: null, detail, result };
  }
  const { code, rule } = outcome;
  if (outcome.kind === 'forward') {
    const result = event.Records[0].cf.request;
    return { decision: 'forward', status: null, code, rule, detail: null, result };
  }
  const { status, detail, response } = outcome;
  return { decision: 'respond', status, code, rule, detail, result: response };
}

/**
 * The sign-in, as it goes where the provider does not answer.
 *
 * @param {Authorizer} authorizer
 * @param {any} request
 * @param {number} now
 */
function signInWithoutNetwork(authorizer, request, now) {
  /** @type {string | undefined} */
  let purpose;
  for (;;) {
    const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
    const outcome = authorizer.signIn(request, now, true, random, purpose);
    if (outcome.kind === 'forward' || outcome.kind === 'respond') return outcome;
    if (outcome.kind !== 'fetch-needed' || outcome.purpose === purpose) throw new Error('the sign-in does not come to an end');
    ({ purpose } = outcome);
  }
}

/**
 * @param {string} detail why no decision could be made
 * @param {unknown} [event] about which
 * @returns {Verdict} what the handler answers then
 */
export function internalFailure(detail, event) {
  const result = unavailable(event);
  return { decision: 'respond', status: 503, code: 'internal', rule: null, detail, result };
}
