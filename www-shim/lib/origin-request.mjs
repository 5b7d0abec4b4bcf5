import { fetchNeeded } from './fetch-needed.mjs';
import { roleCredentials } from './role-credentials.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').FetchedResponse} FetchedResponse */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').OriginFacts} OriginFacts */
/** @typedef {import('../../pkg/edge_authorizer.js').OriginOutcome} OriginOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */

/**
 * @typedef {object} Parts
 * @property {() => Authorizer} authorizer the instance that decides
 * @property {() => number} now seconds since 1970
 * @property {(error: unknown) => void} onFailure is told why something could not be fetched
 */

/**
 * Whether an event is one that this configuration signs. Where it signs none, every event is taken for one of
 * viewer-request, which says what is wrong with it.
 *
 * @param {Authorizer} authorizer
 * @param {any} event
 */
export function isToBeSigned(authorizer, event) {
  return event?.Records?.[0]?.cf?.config?.eventType === 'origin-request' && authorizer.signsOriginRequests();
}

/**
 * What becomes of an origin-request event. The request in it is edited if it may go to the origin; what the function has to
 * answer in the origin's place is fetched.
 *
 * Whatever this throws, the request must not go there, and the authorizer must not be used again.
 *
 * @param {Parts} parts
 * @param {any} event
 * @returns {Promise<ForwardOutcome | RespondOutcome>}
 */
export async function originOutcome({ authorizer, now, onFailure }, event) {
  const outcome = sign(authorizer(), event, now());
  if (outcome.kind !== 'fetch-needed') return outcome;
  const fetched = await fetchNeeded(outcome.request, onFailure);
  const answered = sign(authorizer(), event, now(), fetched);
  if (answered.kind === 'fetch-needed') throw new Error('what was fetched is asked for again');
  return answered;
}

/**
 * Signs with the role of the function.
 *
 * @param {Authorizer} authorizer
 * @param {any} event an origin-request event
 * @param {number} now seconds since 1970
 * @param {FetchedResponse} [fetched] the answer to what the outcome before asked for
 * @returns {OriginOutcome}
 */
export function sign(authorizer, event, now, fetched) {
  const { config, request } = event.Records[0].cf;
  /** @type {OriginFacts} */
  const facts = { request, requestId: String(config.requestId ?? ''), fetched };
  return authorizer.signOriginRequest(request, JSON.stringify(facts), roleCredentials(), now);
}
