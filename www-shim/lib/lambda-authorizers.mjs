// Lambda authorizers of Amazon API Gateway, AWS AppSync and AWS HealthImaging's DICOMweb endpoint, and routes of an HTTP API: their
// events as viewer requests, and outcomes as the answers that they take. The same function, with the same configuration,
// decides for them all.

/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontHeaders} CloudFrontHeaders */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */
/** @typedef {ForwardOutcome | RespondOutcome | undefined} Settled `undefined` where no decision could be made */
/**
 * @typedef {object} AuthorizerCall
 * @property {any} event a viewer-request event that asks the same
 * @property {string | undefined} requestId for the log
 * @property {number} [patience] milliseconds after which the platform no longer listens
 * @property {(outcome: Settled) => unknown} answer throws where the platform takes an error for an answer
 */

// "Output from an API Gateway Lambda authorizer" in the API Gateway Developer Guide: these very words are a 401.
const UNAUTHORIZED = 'Unauthorized';
// Any other error is a 500: nothing passes, and nothing is cached.
const UNAVAILABLE = 'the authorizer cannot decide now';

// HealthImaging waits for a second.
const DICOM_WEB_PATIENCE = 900;

/**
 * What an event asks, if it is one of a Lambda authorizer.
 *
 * @param {any} event
 * @param {() => string | undefined} roleArn what HealthImaging is to act as
 * @returns {AuthorizerCall | undefined}
 */
export function authorizerCall(event, roleArn) {
  try {
    if (event?.version === '2.0' && typeof event.routeArn === 'string') return httpApi(event);
    if (event?.version === '2.0' && typeof event.requestContext?.http?.method === 'string') return httpRoute(event);
    if (event?.type === 'REQUEST' && typeof event.methodArn === 'string') return restRequest(event);
    if (event?.type === 'TOKEN' && typeof event.methodArn === 'string') return restToken(event);
    if (typeof event?.authorizationToken === 'string' && typeof event.requestContext?.apiId === 'string') return appSync(event);
    if (typeof event?.datastoreId === 'string' && 'bearerToken' in event) return dicomWeb(event, roleArn);
  } catch {
    // What cannot be read is none of these.
  }
  return undefined;
}

/**
 * HTTP APIs, payload format 2.0 ("Control access to HTTP APIs with AWS Lambda authorizers"): the simple response.
 *
 * @param {any} event
 * @returns {AuthorizerCall}
 */
function httpApi(event) {
  return {
    event: httpApiRequest(event),
    requestId: event.requestContext?.requestId,
    answer: (outcome) => {
      if (isUnavailable(outcome)) throw new Error(UNAVAILABLE);
      return outcome?.kind === 'forward'
        ? { isAuthorized: true, context: { ...outcome.claims } }
        : { isAuthorized: false };
    },
  };
}

/**
 * A route of an HTTP API with this function behind it: what a rule answers itself is the answer. There is nothing else to
 * forward to.
 *
 * @param {any} event
 * @returns {AuthorizerCall}
 */
function httpRoute(event) {
  return {
    event: httpApiRequest(event),
    requestId: event.requestContext.requestId,
    answer: (outcome) => {
      if (outcome === undefined) throw new Error(UNAVAILABLE);
      if (outcome.kind === 'forward') return { statusCode: 404, headers: { 'cache-control': 'no-store' } };
      const { status, headers, body } = outcome.response;
      const lines = Object.entries(headers).filter(([name]) => name !== 'set-cookie');
      return {
        statusCode: Number(status),
        headers: Object.fromEntries(lines.map(([name, values]) => [name, values.map(valueOf).join(', ')])),
        cookies: (headers['set-cookie'] ?? []).map(valueOf),
        body,
      };
    },
  };
}

/** @param {any} event */
function httpApiRequest({ rawPath, rawQueryString, headers, cookies, requestContext, body, isBase64Encoded }) {
  const { method, sourceIp } = requestContext?.http ?? {};
  const uri = withoutStage(rawPath, requestContext);
  const sent = headersOf(headers);
  if (Array.isArray(cookies) && cookies.length > 0) sent.cookie = [{ value: cookies.join('; ') }];
  return viewerRequest({
    method,
    uri,
    querystring: rawQueryString,
    headers: sent,
    clientIp: sourceIp,
    ...(typeof body === 'string' && { body: { data: body, encoding: isBase64Encoded ? 'base64' : 'text' } }),
  });
}

/**
 * The path without the name of a stage. Only the API's own host has that in the path; with a custom domain name it is no part of
 * it, and the viewer chooses between the two.
 *
 * @param {unknown} rawPath
 * @param {any} requestContext
 */
function withoutStage(rawPath, requestContext) {
  const { stage, domainName } = requestContext ?? {};
  if (typeof rawPath !== 'string' || typeof stage !== 'string' || stage === '$default') return rawPath;
  const isOwnHost = /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(domainName);
  return isOwnHost && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

/** @param {{ value: string }} line */
function valueOf({ value }) {
  return value;
}

/**
 * REST APIs, authorizers of type REQUEST.
 *
 * @param {any} event
 * @returns {AuthorizerCall}
 */
function restRequest(event) {
  const { headers, multiValueHeaders, requestContext, methodArn } = event;
  // Not `httpMethod` and `path`: what the rules judge has to be what the policy opens, and with a custom domain name the
  // path has more before it.
  const { method, uri } = calledBy(methodArn);
  const querystring = queryOf(event.multiValueQueryStringParameters ?? event.queryStringParameters);
  const sent = headersOf(multiValueHeaders ?? headers);
  const clientIp = requestContext?.identity?.sourceIp;
  return {
    event: viewerRequest({ method, uri, querystring, headers: sent, clientIp }),
    requestId: requestContext?.requestId,
    answer: (outcome) => policyAnswer(outcome, methodArn),
  };
}

/**
 * REST APIs, authorizers of type TOKEN: the whole value of the token's header, and what is called as an ARN.
 *
 * @param {any} event
 * @returns {AuthorizerCall}
 */
function restToken({ authorizationToken, methodArn }) {
  const headers = headersOf({ authorization: authorizationToken });
  return {
    event: viewerRequest({ ...calledBy(methodArn), querystring: '', headers }),
    requestId: undefined,
    answer: (outcome) => policyAnswer(outcome, methodArn),
  };
}

/**
 * What an ARN calls: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`.
 *
 * @param {string} methodArn
 */
function calledBy(methodArn) {
  const [, , method, ...path] = methodArn.split('/');
  return { method, uri: `/${path.join('/')}` };
}

/**
 * A policy for exactly what was asked: API Gateway may cache it for the token, and it must open nothing else then.
 *
 * @param {Settled} outcome
 * @param {string} methodArn
 */
function policyAnswer(outcome, methodArn) {
  if (isUnavailable(outcome)) throw new Error(UNAVAILABLE);
  if (outcome?.kind === 'respond' && outcome.status === 401) throw new Error(UNAUTHORIZED);
  // `*` and `?` are wildcards in a policy, `$` begins a variable: a path that has them would open others.
  const allowed = outcome?.kind === 'forward' && !/[*?$]/.test(methodArn);
  const { principalId = 'viewer', ...context } = allowed ? { ...outcome.claims } : {};
  const statement = { Action: 'execute-api:Invoke', Effect: allowed ? 'Allow' : 'Deny', Resource: methodArn };
  return { principalId, policyDocument: { Version: '2012-10-17', Statement: [statement] }, context };
}

/**
 * AWS AppSync ("AWS_LAMBDA authorization" in its Developer Guide).
 *
 * The request that the rules see is `POST /graphql/<apiId>`: no more can be said for certain without reading GraphQL, since the
 * name of an operation is what the viewer calls it.
 *
 * @param {any} event
 * @returns {AuthorizerCall}
 */
function appSync({ authorizationToken, requestHeaders, requestContext: { apiId, requestId } }) {
  // AppSync wants no scheme before a token, to tell it from those of other kinds of authorization.
  const value = authorizationToken.includes(' ') ? authorizationToken : `Bearer ${authorizationToken}`;
  const headers = { ...headersOf(requestHeaders), authorization: [{ value }] };
  return {
    event: viewerRequest({ method: 'POST', uri: `/graphql/${apiId}`, querystring: '', headers }),
    requestId,
    // Never kept: AppSync would go on with it after the token's end.
    answer: (outcome) => {
      if (isUnavailable(outcome)) throw new Error(UNAVAILABLE);
      return outcome?.kind === 'forward'
        ? { isAuthorized: true, resolverContext: { ...outcome.claims }, ttlOverride: 0 }
        : { isAuthorized: false, ttlOverride: 0 };
    },
  };
}

/**
 * AWS HealthImaging ("Using DICOMweb APIs with OIDC authentication"): an answer within a second, or none.
 *
 * The request that the rules see is `GET /datastore/<datastoreId>/<operation>`.
 *
 * @param {any} event
 * @param {() => string | undefined} roleArn
 * @returns {AuthorizerCall}
 */
function dicomWeb({ datastoreId, operation, bearerToken }, roleArn) {
  const headers = headersOf({ authorization: `Bearer ${bearerToken}` });
  return {
    event: viewerRequest({ method: 'GET', uri: `/datastore/${datastoreId}/${operation}`, querystring: '', headers }),
    requestId: undefined,
    patience: DICOM_WEB_PATIENCE,
    // A rule that lets anyone pass says nothing about the token.
    answer: (outcome) =>
      outcome?.kind === 'forward' && outcome.code === 'allowed' && roleArn() !== undefined
        ? { isTokenValid: true, roleArn: roleArn() }
        : { isTokenValid: false },
  };
}

/** @type {(outcome: Settled) => boolean} */
function isUnavailable(outcome) {
  return outcome === undefined || (outcome.kind === 'respond' && outcome.status === 503);
}

/** @param {Record<string, unknown>} request */
function viewerRequest(request) {
  return { Records: [{ cf: { config: { eventType: 'viewer-request' }, request } }] };
}

/**
 * Headers in CloudFront's form. A name in two spellings is one header with two values.
 *
 * @param {unknown} headers values, or lists of values, by name
 * @returns {CloudFrontHeaders}
 */
function headersOf(headers) {
  const sent = new Map();
  for (const [name, values] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    sent.set(key, [...(sent.get(key) ?? []), ...[values].flat().map((value) => ({ value }))]);
  }
  return Object.fromEntries(sent);
}

/** @type {(parameters: Record<string, string | string[]> | null | undefined) => string} */
function queryOf(parameters) {
  const pairs = Object.entries(parameters ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return pairs.join('&');
}
