import { loadAuthorizer } from './configuration.mjs';
import { authorizerCall } from './lambda-authorizers.mjs';
import { createLog } from './log.mjs';
import { Metrics } from './metrics.mjs';
import { isToBeSigned, originOutcome } from './origin-request.mjs';
import { PrivateKeys } from './private-keys.mjs';
import { isInSample } from './sample.mjs';
import { SignIn } from './sign-in.mjs';
import { Supplies } from './supplies.mjs';
import { isTrap } from './trap.mjs';
import { decide, unavailable, viewerRequest } from './viewer-request.mjs';
import { loadModule } from './wasm.mjs';

// For who wants the module alone, as it is in the zip.
export { loadModule };

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontRequest} CloudFrontRequest */
/** @typedef {import('../../pkg/edge_authorizer.js').CloudFrontResponse} CloudFrontResponse */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').KeySetReport} KeySetReport */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */
/** @typedef {ForwardOutcome | RespondOutcome} Decided */
/** @typedef {import('./lambda-authorizers.mjs').Settled} Settled */
/**
 * @typedef {object} Asked which request it is, and when it came
 * @property {unknown} requestId
 * @property {number} at seconds since 1970
 * @property {number | undefined} startedAt as `performance.now` tells it, if that was asked
 */
/** @typedef {import('./supplies.mjs').Need} Need */
/** @typedef {import('./log.mjs').Level} Level */
/** @typedef {import('./provider-keys.mjs').PinnedKeySet} PinnedKeySet */
/** @typedef {import('./supply.mjs').Supply<any>} Supply */

/**
 * By how many pages of 64 KB the memory of an instance may grow, which never gets smaller again. All that is remembered is
 * bounded far below that; what grows all the same is a fault, and costs a new instance rather than the function.
 */
const MOST_GROWTH_PAGES = 128;

/** How many things are fetched one after the other for one decision. */
const MOST_NEEDS = 3;

/**
 * @typedef {object} HandlerOptions
 * @property {string} configText the text of `authorizer.json`
 * @property {string | URL} configFolder what the files that it names are relative to
 * @property {(line: string) => void} [write] takes the lines of the log
 * @property {() => number} [now] seconds since 1970
 * @property {Record<string, PinnedKeySet>} [pinned] key sets by provider, from when the zip was made
 */

/**
 * Makes the Lambda@Edge handler for viewer-request and, where the configuration signs, for origin-request: it answers the
 * edited request, or a response.
 *
 * Only a decision that says `forward` lets a request through. Every exception is a 503, and the instance of the module
 * that it came from is thrown away: a trap leaves its memory in an unknown state.
 *
 * @param {HandlerOptions} options
 */
export function createHandler({ configText, configFolder, write, now = clock, pinned = {} }) {
  if (configText === undefined) throw new TypeError('`configText` is missing: it takes the text of `authorizer.json`');
  const privateKeys = new PrivateKeys();
  const supplies = new Supplies({ authorizer: instance, privateKeys, now, onSupply, onFailure });
  const signIn = new SignIn({ authorizer: instance, now, supplies, onFailure: onFetchFailure });
  /** @type {Authorizer | undefined} */
  let authorizer;
  let mostPages = 0;
  let log = createLog('error', write);
  /** @type {Record<Level, number>} of the decisions, how many are logged */
  const shares = { error: 1, warn: 1, info: 1, debug: 1 };
  /** @type {Metrics | undefined} */
  let metrics;
  try {
    // While the function starts it has a whole CPU; during a request it has a share.
    for (const notice of instance().startNotices()) log('warn', { message: 'notice', detail: notice });
  } catch (error) {
    for (const detail of messageOf(error).split('\n')) {
      log('error', { message: 'cannot start', detail });
    }
  }

  /** The instance that decides: a new one at first, and after one was thrown away. */
  function instance() {
    if (authorizer === undefined) {
      const started = loadAuthorizer(loadModule().Authorizer, configText, configFolder, privateKeys);
      // Nobody shall take this for a function that authorizes.
      const always = started.isAuthorizationOff() ? { authorization: 'off' } : {};
      log = createLog(started.logLevel(), write, always);
      shares.info = started.infoShare();
      shares.debug = started.debugShare();
      if (started.hasMetrics()) metrics ??= new Metrics(log, (now) => supplies.keySetAges(now));
      supplies.handOver(started, pinned);
      mostPages = started.memoryPages() + MOST_GROWTH_PAGES;
      authorizer = started;
    }
    return authorizer;
  }

  /** The next request is decided by a new instance where this one has grown too large. */
  function replaceGrown() {
    const pages = authorizer?.memoryPages() ?? 0;
    if (pages <= mostPages) return;
    authorizer = undefined;
    log('error', { message: 'new instance', detail: `the memory of the module has ${pages} pages of 64 KB` });
  }

  /**
   * Most decisions wait for nothing, and a promise for each of them would cost as much as a part of the decision.
   *
   * @param {unknown} event
   * @param {number} at seconds since 1970
   * @returns {Decided | Promise<Decided>}
   */
  function outcomeOf(event, at) {
    if (isToBeSigned(instance(), event)) {
      return originOutcome({ authorizer: instance, now, onFailure: onFetchFailure }, event);
    }
    const outcome = decide(instance(), event, at, { keysAreFinal: false });
    if (outcome.kind === 'sign-in') return signIn.outcomeOf(viewerRequest(event));
    if (!isDecided(outcome)) return outcomeWith(event, outcome);
    return supplies.refreshAhead(at)?.then(() => outcome) ?? outcome;
  }

  /**
   * @param {unknown} event
   * @param {Need} need
   * @returns {Promise<Decided>}
   */
  async function outcomeWith(event, need) {
    for (let asked = 0; asked < MOST_NEEDS; asked += 1) {
      await supplies.supply(need);
      const outcome = decide(instance(), event, now(), { keysAreFinal: false });
      if (outcome.kind === 'sign-in') return signIn.outcomeOf(viewerRequest(event));
      if (isDecided(outcome)) return outcome;
      // What is lacking still cannot be had now; but after the keys of a token a secret may be lacking.
      if (JSON.stringify(outcome) === JSON.stringify(need)) break;
      need = outcome;
    }
    const outcome = decide(instance(), event, now(), { keysAreFinal: true });
    return outcome.kind === 'sign-in' ? signIn.outcomeOf(viewerRequest(event)) : outcome;
  }

  /**
   * @param {Supply} supply
   * @param {KeySetReport | void} report
   * @param {number} trustedUntil seconds since 1970
   */
  function onSupply({ noun, context }, report, trustedUntil) {
    log('info', { message: noun, ...context, keys: report?.keys, trustedUntil: isoTime(trustedUntil) });
    for (const { kid, reason } of report?.skipped ?? []) {
      log('info', { message: 'key not used', ...context, kid, detail: reason });
    }
  }

  /** @param {unknown} error */
  function onFetchFailure(error) {
    log('error', { message: 'nothing fetched', detail: messageOf(error) });
  }

  /**
   * @param {Supply} supply
   * @param {unknown} error
   */
  function onFailure({ noun, context, value, trustedUntil }, error) {
    if (isTrap(error)) authorizer = undefined;
    const still = value === undefined ? {} : { trustedUntil: isoTime(trustedUntil) };
    log('error', { message: `no ${noun}`, ...context, detail: messageOf(error), ...still });
  }

  /**
   * Decides, and notes the decision. What waits for nothing is no promise.
   *
   * @param {any} event
   * @param {(event: any) => unknown} requestIdOf
   * @returns {Settled | Promise<Settled>} `undefined` where no decision could be made
   */
  function decided(event, requestIdOf) {
    /** @type {Asked} */
    const asked = { requestId: undefined, at: 0, startedAt: isTimed() ? performance.now() : undefined };
    try {
      asked.requestId = requestIdOf(event);
      asked.at = now();
      const outcome = outcomeOf(event, asked.at);
      return outcome instanceof Promise ? decidedLater(outcome, asked) : noted(outcome, asked);
    } catch (error) {
      return undecided(error, asked);
    }
  }

  /**
   * @param {Promise<Decided>} outcome
   * @param {Asked} asked
   */
  async function decidedLater(outcome, asked) {
    try {
      return noted(await outcome, asked);
    } catch (error) {
      return undecided(error, asked);
    }
  }

  /**
   * @param {Decided} outcome
   * @param {Asked} asked
   */
  function noted(outcome, asked) {
    note(outcome, asked);
    replaceGrown();
    return outcome;
  }

  /**
   * @param {unknown} error
   * @param {Asked} asked
   * @returns {undefined}
   */
  function undecided(error, asked) {
    const { requestId, at } = asked;
    authorizer = undefined;
    metrics?.count('internal', timeOf(asked), at);
    log('error', { message: 'decision', code: 'internal', status: 503, requestId, detail: messageOf(error) });
  }

  /**
   * Counts and logs a decision.
   *
   * @param {Decided} outcome
   * @param {Asked} asked
   */
  function note(outcome, asked) {
    const { requestId, at } = asked;
    metrics?.count(outcome.code, timeOf(asked), at);
    const level = levelOf(outcome);
    const share = shares[level];
    if (!log.writes(level) || !isInSample(requestId, share)) return;
    // What the line stands for, where not each decision has one.
    const sample = share === 1 ? {} : { share };
    log(level, { ...record(outcome, requestId, timeOf(asked)), ...sample });
  }

  /**
   * Whether the time of each decision is told. To read the precise clock takes as long as a part of a decision; where few are told
   * of, which have waited for something or were refused, whole milliseconds do.
   */
  function isTimed() {
    return metrics !== undefined || log.writes('debug');
  }

  /**
   * @param {Asked} asked
   * @returns {number} milliseconds since then
   */
  function timeOf({ at, startedAt }) {
    if (startedAt !== undefined) return performance.now() - startedAt;
    return Math.max(0, Math.round((now() - at) * 1000));
  }

  /** What AWS HealthImaging is to act as. */
  function dicomWebRoleArn() {
    return instance().dicomWebRoleArn();
  }

  /** @param {import('./lambda-authorizers.mjs').AuthorizerCall} call */
  async function answerTo({ event, requestId, patience, answer }) {
    const outcome = decided(event, () => requestId);
    return answer(await (patience === undefined ? outcome : within(patience, outcome)));
  }

  /**
   * @param {any} event a viewer-request or origin-request event of CloudFront, or one of a Lambda authorizer of API Gateway
   * @param {unknown} [_context] of Lambda
   * @returns {Promise<CloudFrontRequest | CloudFrontResponse | unknown>}
   */
  return async function handler(event, _context) {
    const call = authorizerCall(event, dicomWebRoleArn);
    if (call !== undefined) return answerTo(call);
    const settled = decided(event, cloudFrontRequestId);
    const outcome = settled instanceof Promise ? await settled : settled;
    if (outcome?.kind === 'forward') return event.Records[0].cf.request;
    return outcome === undefined ? unavailable(event) : outcome.response;
  };
}

/** @type {(outcome: import('../../pkg/edge_authorizer.js').Outcome) => outcome is Decided} */
function isDecided({ kind }) {
  return kind === 'forward' || kind === 'respond';
}

/** @type {(event: any) => unknown} */
function cloudFrontRequestId(event) {
  return event?.Records?.[0]?.cf?.config?.requestId;
}

/**
 * @template T
 * @param {number} milliseconds
 * @param {T | Promise<T>} promise
 * @returns {Promise<T | undefined>} `undefined` where it took longer
 */
async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<undefined>} */ (late)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {ForwardOutcome | RespondOutcome} outcome
 * @returns {Level}
 */
function levelOf(outcome) {
  if (outcome.code === 'authorization_off') return 'warn';
  if (outcome.kind === 'forward') return 'debug';
  return outcome.status < 400 ? 'debug' : outcome.status === 503 ? 'error' : 'info';
}

/**
 * @param {ForwardOutcome | RespondOutcome} outcome
 * @param {unknown} requestId
 * @param {number} milliseconds
 */
function record(outcome, requestId, milliseconds) {
  const { code, rule, provider, kid } = outcome;
  const refusal = outcome.kind === 'respond' ? { status: outcome.status, detail: outcome.detail } : {};
  const id = typeof requestId === 'string' ? requestId : undefined;
  return { message: 'decision', code, ...refusal, rule, provider, kid, requestId: id, milliseconds };
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

/** @param {number} seconds since 1970 */
function isoTime(seconds) {
  return new Date(seconds * 1000).toISOString();
}

function clock() {
  return Date.now() / 1000;
}
