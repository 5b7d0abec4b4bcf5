/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('../../pkg/edge_authorizer.js').Outcome} Outcome */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').SignInOutcome} SignInOutcome */
/** @typedef {ForwardOutcome | RespondOutcome | SignInOutcome} Settled */

/**
 * Decides about a viewer-request event. The request in it is edited if it may pass.
 *
 * Whatever this throws, the request must not pass, and the authorizer must not be used again.
 *
 * @overload
 * @param {Authorizer} authorizer
 * @param {any} event
 * @param {number} now seconds since 1970
 * @param {{ keysAreFinal: true }} options missing keys are a refusal
 * @returns {Settled}
 */
/**
 * @overload
 * @param {Authorizer} authorizer
 * @param {any} event
 * @param {number} now seconds since 1970
 * @param {{ keysAreFinal: boolean }} options whether missing keys are a refusal
 * @returns {Outcome}
 */
/**
 * @param {Authorizer} authorizer
 * @param {any} event
 * @param {number} now
 * @param {{ keysAreFinal: boolean }} options
 * @returns {Outcome}
 */
export function decide(authorizer, event, now, { keysAreFinal }) {
  return authorizer.authorizeViewerRequest(viewerRequest(event), now, keysAreFinal);
}

/**
 * The request of a viewer-request event.
 *
 * @param {any} event
 * @returns {any}
 */
export function viewerRequest(event) {
  const cf = event?.Records?.[0]?.cf;
  const eventType = cf?.config?.eventType ?? 'viewer-request';
  if (eventType !== 'viewer-request') {
    // After viewer-request the cache answers, and what it answers would not be authorized.
    throw new Error(`the event is \`${eventType}\`: associate the function with \`viewer-request\``);
  }
  if (typeof cf?.request !== 'object' || cf.request === null) {
    throw new Error('the event has no `Records[0].cf.request`');
  }
  return cf.request;
}

/** As the module answers, which cannot be asked then. */
const UNAVAILABLE_HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * The answer where no decision could be made.
 *
 * @param {any} event which may be the reason for that
 * @returns {CloudFrontResponse}
 */
export function unavailable(event) {
  return {
    status: '503',
    statusDescription: 'Service Unavailable',
    headers: Object.fromEntries(
      Object.entries(UNAVAILABLE_HEADERS).map(([key, value]) => [key, [{ key, value }]]),
    ),
    // RFC 9110, section 9.3.2: the same headers, and no content.
    body: isHead(event) ? '' : '{"status":503,"message":"Service Unavailable"}\n',
  };
}

/** @type {(event: any) => boolean} Looking into an event can throw. */
function isHead(event) {
  try {
    return event.Records[0].cf.request.method === 'HEAD';
  } catch {
    return false;
  }
}
