import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isResponse, validateOriginRequestResult, validateViewerRequestResult } from '../../../www-shim/edge/validate.mjs';
import { HandlerLog } from './handler-log.mjs';
import { CONFIGURATION, NOW, viewerEvent } from './viewer-event.mjs';
import { within } from './within.mjs';
import { unpackedZipFor } from './zip-folder.mjs';

/** @typedef {import('./handler-log.mjs').Entry} Entry */
/**
 * @typedef {object} Answer what CloudFront gets, and what the log says of it
 * @property {boolean} forwarded
 * @property {any} result the request or the response
 * @property {Entry | undefined} record
 */
/**
 * @typedef {object} ViewerParts
 * @property {string} [token] in `Authorization: Bearer`
 * @property {string} [method]
 * @property {string} [querystring]
 * @property {Record<string, string>} [headers]
 */
/**
 * @typedef {object} HandlerOptions
 * @property {unknown} [configuration]
 * @property {string} [configText] instead of it
 * @property {string} [configFolder]
 * @property {Record<string, import('../../../www-shim/lib/provider-keys.mjs').PinnedKeySet>} [pinned]
 * @property {() => number} [now] instead of the clock that is answered
 */

/**
 * The handler of the zip.
 *
 * @param {string} configText
 * @returns {Promise<typeof import('../../../www-shim/lib/handler.mjs')>}
 */
function shipped(configText) {
  return import(pathToFileURL(join(unpackedZipFor(configText), 'lib/handler.mjs')).href);
}

/**
 * `CONFIGURATION` with its keys at another address, and a log of everything.
 *
 * @param {string} jwksUri
 */
export function configurationFor(jwksUri) {
  const { dev } = CONFIGURATION.providers;
  return { ...CONFIGURATION, providers: { dev: { ...dev, jwksUri } }, logLevel: 'debug' };
}

/**
 * Starts the handler of the zip with a clock and a log of its own.
 *
 * @param {HandlerOptions} options
 */
export async function startHandler({ configuration, configText = JSON.stringify(configuration), configFolder = '.', pinned, now }) {
  const { createHandler } = await shipped(configText);
  const log = new HandlerLog();
  const clock = { now: NOW };
  const handler = createHandler({
    configText,
    configFolder,
    write: log.write,
    now: now ?? (() => clock.now),
    pinned,
  });
  let count = 0;

  /**
   * Gives the handler an event as it is. The answer goes through JSON, as on Lambda, and CloudFront would accept it.
   *
   * @param {any} event
   * @returns {Promise<Answer>}
   */
  async function sendEvent(event) {
    const original = requestIn(event);
    const answer = await within(handler(event, {}), 'the handler answers');
    const result = JSON.parse(JSON.stringify(answer));
    assert.deepEqual(validatorFor(event)(original, result), []);
    return { forwarded: !isResponse(result), result, record: log.entriesOf('decision').at(-1) };
  }

  /**
   * Sends a viewer's request.
   *
   * @param {string} uri
   * @param {ViewerParts} [parts]
   * @returns {Promise<Answer>}
   */
  async function send(uri, { token, headers = {}, ...parts } = {}) {
    /** @type {Record<string, string>} */
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const event = viewerEvent(uri, { ...parts, headers: { ...authorization, ...headers } });
    const requestId = `request-${(count += 1)}`;
    const [{ cf }] = /** @type {[any]} */ (event.Records);
    cf.config = { ...cf.config, requestId, eventType: 'viewer-request' };
    if (token !== undefined) log.mustNotTellToken(token);
    const { forwarded, result } = await sendEvent(event);
    const record = log.entriesOf('decision').find((entry) => entry.requestId === requestId);
    return { forwarded, result, record };
  }

  return { handler, send, sendEvent, log, clock };
}

/**
 * A copy of the request, which the handler may edit; an empty one where there is none, or it throws.
 *
 * @param {any} event
 */
function requestIn(event) {
  try {
    return structuredClone(event.Records[0].cf.request);
  } catch {
    return viewerEvent('').Records[0]?.cf.request;
  }
}

/** @typedef {Awaited<ReturnType<typeof startHandler>>} ShippedHandler */

/**
 * @param {Answer} answer
 * @param {string} code
 * @param {number} status
 */
export function assertRefused({ forwarded, result, record }, code, status) {
  assert.equal(forwarded, false, `forwarded instead of ${code}`);
  assert.equal(result.status, String(status));
  assert.equal(record?.code, code);
  assert.equal(record?.status, status);
  assert.deepEqual(result.headers['cache-control'].map(valueOf), ['no-store']);
}

/** @param {Answer} answer */
export function assertForwarded({ forwarded, result, record }) {
  assert.ok(forwarded, `${result.status} ${record?.code}`);
  assert.match(record?.code, /^(?:allowed|public)$/);
}

/** @param {{ value: string }} entry */
function valueOf({ value }) {
  return value;
}

/** @param {any} event which may throw at whoever touches it */
function validatorFor(event) {
  try {
    const isForOrigin = event.Records[0].cf.config.eventType === 'origin-request';
    return isForOrigin ? validateOriginRequestResult : validateViewerRequestResult;
  } catch {
    return validateViewerRequestResult;
  }
}
