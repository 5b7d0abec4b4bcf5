import { ask, deadlineIn } from './ask.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').FetchRequest} FetchRequest */
/** @typedef {import('../../pkg/edge_authorizer.js').FetchedResponse} FetchedResponse */

/**
 * What a viewer waits for at most. The function is one for viewer-request, too, and so has 5 seconds ("Quotas on Lambda@Edge"):
 * it is to answer before these are over.
 */
const DEADLINE_SECONDS = 4;

/** A generated response at origin-request has 1 MB at most ("Quotas on Lambda@Edge"). */
const MAX_BYTES = 1024 * 1024;

/**
 * Sends what an outcome asks for.
 *
 * @param {FetchRequest} request
 * @param {(error: unknown) => void} onFailure is told why there is no answer
 * @returns {Promise<FetchedResponse>} its status is 0 where there is no answer
 */
export async function fetchNeeded(request, onFailure) {
  try {
    const limits = { deadline: deadlineIn(DEADLINE_SECONDS), maxBytes: MAX_BYTES };
    const answer = await ask(request, limits);
    return {
      status: answer.status,
      headers: Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      body: answer.body.toString('base64'),
    };
  } catch (error) {
    onFailure(error);
    return { status: 0, headers: [], body: '' };
  }
}
