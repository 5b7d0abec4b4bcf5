import { loadAuthorizer } from './configuration.mjs';
import { KeySets } from './key-sets.mjs';
import { createLog } from './log.mjs';
import { decide, unavailable } from './viewer-request.mjs';
import { isTrap, loadModule } from './wasm.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */
/** @typedef {import('./log.mjs').Level} Level */

/**
 * @typedef {object} HandlerOptions
 * @property {string} configText the text of `authorizer.json`
 * @property {string | URL} configFolder what the files that it names are relative to
 * @property {(line: string) => void} [write] takes the lines of the log
 * @property {() => number} [now] seconds since 1970
 * @property {(url: string) => Promise<string>} [fetch] fetches the text of a key set
 */

/**
 * Makes the Lambda@Edge handler for viewer-request: it answers the edited request, or a response.
 *
 * Only a decision that says `forward` lets a request through. Every exception is a 503, and the instance of the module
 * that it came from is thrown away: a trap leaves its memory in an unknown state.
 *
 * @param {HandlerOptions} options
 */
export function createHandler({ configText, configFolder, write, now = clock, fetch }) {
  const keySets = new KeySets({ now, fetch });
  /** @type {Authorizer | undefined} */
  let authorizer;
  let log = createLog('error', write);
  try {
    // While the function starts it has a whole CPU; during a request it has a share.
    authorizer = start();
    for (const notice of authorizer.startNotices()) log('error', { message: 'notice', detail: notice });
  } catch (error) {
    for (const detail of messageOf(error).split('\n')) {
      log('error', { message: 'cannot start', detail });
    }
  }

  /** @returns {Authorizer} */
  function start() {
    const started = loadAuthorizer(loadModule().Authorizer, configText, configFolder);
    log = createLog(started.logLevel(), write);
    keySets.restore((provider, text) => started.setKeySet(provider, text));
    return started;
  }

  /** @param {unknown} event */
  async function outcomeOf(event) {
    authorizer ??= start();
    const outcome = decide(authorizer, event, now(), { keysAreFinal: false });
    if (outcome.kind !== 'keys-needed') return outcome;
    await refreshKeys(outcome.provider);
    // Another request may have thrown the instance away meanwhile.
    authorizer ??= start();
    return decide(authorizer, event, now(), { keysAreFinal: true });
  }

  /**
   * Fetches a provider's keys, if it is time to. Without them the decision is made with those that are there.
   *
   * @param {string} provider
   */
  async function refreshKeys(provider) {
    const url = authorizer?.providers().find(({ name }) => name === provider)?.jwksUri;
    if (typeof url !== 'string') throw new Error(`the provider \`${provider}\` has no \`jwksUri\``);
    try {
      await keySets.refresh(provider, url, takeKeySet);
    } catch (error) {
      if (isTrap(error)) authorizer = undefined;
      log('error', { message: 'no key set', provider, detail: messageOf(error) });
    }
  }

  /** @type {import('./key-sets.mjs').TakeKeySet} */
  function takeKeySet(provider, text) {
    authorizer ??= start();
    const { keys, skipped } = authorizer.setKeySet(provider, text);
    log('info', { message: 'key set', provider, keys });
    for (const { kid, reason } of skipped) {
      log('info', { message: 'key not used', provider, kid, detail: reason });
    }
  }

  /**
   * @param {any} event a viewer-request event of CloudFront
   * @param {unknown} [_context] of Lambda
   * @returns {Promise<CloudFrontRequest | CloudFrontResponse>}
   */
  return async function handler(event, _context) {
    const startedAt = performance.now();
    /** @type {string | undefined} */
    let requestId;
    try {
      requestId = requestIdOf(event);
      const outcome = await outcomeOf(event);
      log(levelOf(outcome), record(outcome, requestId, performance.now() - startedAt));
      return outcome.kind === 'forward' ? event.Records[0].cf.request : outcome.response;
    } catch (error) {
      authorizer = undefined;
      log('error', { message: 'decision', code: 'internal', status: 503, requestId, detail: messageOf(error) });
      return unavailable();
    }
  };
}

/**
 * @param {ForwardOutcome | RespondOutcome} outcome
 * @returns {Level}
 */
function levelOf(outcome) {
  if (outcome.code === 'authorization_off') return 'error';
  if (outcome.kind === 'forward') return 'debug';
  return outcome.status === 503 ? 'error' : 'info';
}

/**
 * @param {ForwardOutcome | RespondOutcome} outcome
 * @param {string | undefined} requestId
 * @param {number} milliseconds
 */
function record(outcome, requestId, milliseconds) {
  const { code, rule, provider, kid } = outcome;
  const refusal = outcome.kind === 'respond' ? { status: outcome.status, detail: outcome.detail } : {};
  return { message: 'decision', code, ...refusal, rule, provider, kid, requestId, milliseconds };
}

/**
 * @param {any} event
 * @returns {string | undefined}
 */
function requestIdOf(event) {
  const requestId = event?.Records?.[0]?.cf?.config?.requestId;
  return typeof requestId === 'string' ? requestId : undefined;
}

/**
 * What an exception says: anything can be thrown, and not everything has a text.
 *
 * @param {unknown} error
 */
function messageOf(error) {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'an exception without a message';
  }
}

function clock() {
  return Date.now() / 1000;
}
