import { invoke } from './invoke.mjs';
import { isResponse, validateOriginRequestResult, validateViewerRequestResult } from './validate.mjs';

/** @typedef {import('./answers.mjs').EdgeError} EdgeError */
/** @typedef {import('./types.d.ts').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('./types.d.ts').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('./types.d.ts').Handler} Handler */
/** @typedef {import('./types.d.ts').FunctionEvent} FunctionEvent */

/**
 * Calls a function with an event, and judges its answer as CloudFront does.
 *
 * @param {Handler} handler
 * @param {FunctionEvent} event
 * @returns {Promise<{ request: CloudFrontRequest } | { response: CloudFrontResponse } |
 *   { error: EdgeError }>}
 */
export async function runFunction(handler, event) {
  const cf = event.Records[0]?.cf;
  const original = /** @type {CloudFrontRequest} */ (structuredClone(cf?.request));
  const returned = await invoke(handler, event);
  if ('exception' in returned) {
    // "Test and debug Lambda@Edge functions": a function that fails or is late is a 503.
    const problems = [`the handler failed: ${returned.exception}`];
    return { error: { status: 503, failure: 'LambdaExecutionError', problems } };
  }
  const isOriginRequest = cf?.config.eventType === 'origin-request';
  const validate = isOriginRequest ? validateOriginRequestResult : validateViewerRequestResult;
  const problems = validate(original, returned.result);
  if (problems.length > 0) {
    return { error: { status: 502, failure: 'LambdaValidationError', problems } };
  }
  return isResponse(returned.result)
    ? { response: /** @type {CloudFrontResponse} */ (returned.result) }
    : { request: /** @type {CloudFrontRequest} */ (returned.result) };
}
