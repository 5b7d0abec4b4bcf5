import { ask, deadlineIn } from './ask.mjs';

/** @typedef {import('../../pkg/edge_authorizer.js').Authorizer} Authorizer */
/** @typedef {import('../../pkg/edge_authorizer.js').FetchRequest} FetchRequest */
/** @typedef {import('../../pkg/edge_authorizer.js').ForwardOutcome} ForwardOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').RespondOutcome} RespondOutcome */
/** @typedef {import('../../pkg/edge_authorizer.js').ProviderNeededOutcome} ProviderNeededOutcome */
/** @typedef {{ status: number, body: string }} Fetched its status is 0 where there is no answer */

/** All that one request asks for: metadata, tokens, a key set. A viewer waits this long at most. */
const DEADLINE_SECONDS = 4;

/** As many as the core reads of a key set; metadata and tokens are smaller. */
const MAX_BYTES = 64 * 1024;

/** As many as the core takes for each call (`RANDOM_BYTES`). */
export const RANDOM_BYTES = 160;

/** Metadata, a token response, a key set, and one of them again: more would be a fault of ours. */
const MAX_STEPS = 8;

/**
 * How long the answer to a refresh token is remembered, in seconds. Whoever comes a moment later with the same refresh token
 * gets the same answer: a provider that rotates them takes each once, and may end the session of whoever repeats one.
 */
const REMEMBERED_SECONDS = 20;
const MAX_REMEMBERED = 64;

/**
 * How long the answer of a provider that was asked for its metadata is remembered, in seconds, none included. The core knows good
 * metadata for an hour; while there are none, every page that somebody opens without a session would ask for them again.
 */
const METADATA_PAUSE_SECONDS = 10;

/**
 * @typedef {object} SignInOptions
 * @property {() => Authorizer} authorizer the instance that decides now
 * @property {import('./supplies.mjs').Supplies} supplies
 * @property {() => number} now seconds since 1970
 * @property {(error: unknown) => void} onFailure something could not be fetched
 */

/**
 * Goes on with requests that a decision has left to the sign-in. The network is here; what to send, and what of the answer
 * to take, says the core.
 */
export class SignIn {
  #options;
  /** @type {Map<string, { answer: Promise<Fetched>, at: number }>} by what was sent */
  #refreshes = new Map();
  /** @type {Map<string, { answer: Promise<Fetched>, at: number }>} by their URL, of which the configuration has few */
  #metadata = new Map();

  /** @param {SignInOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {any} request of the event; it is edited if it may pass
   * @returns {Promise<ForwardOutcome | RespondOutcome>}
   */
  async outcomeOf(request) {
    const { authorizer, now, supplies } = this.#options;
    const deadline = deadlineIn(DEADLINE_SECONDS);
    /** @type {string | undefined} */
    let purpose;
    /** @type {Fetched | undefined} */
    let fetched;
    let keysAreFinal = false;
    /** @type {string | undefined} */
    let lacking;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      // Where the source fails, this throws, and the answer is 503.
      const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
      // The time is another after each answer: tokens that were issued meanwhile are not of the future.
      const outcome = authorizer().signIn(request, now(), keysAreFinal, random, purpose, fetched?.status, fetched?.body);
      switch (outcome.kind) {
        case 'keys-needed':
        case 'secret-needed':
          await supplies.supply(outcome);
          // What is still lacking then cannot be had now.
          keysAreFinal = outcome.kind === lacking;
          lacking = outcome.kind;
          break;
        case 'fetch-needed':
          fetched = await this.#fetch(outcome, deadline);
          ({ purpose } = outcome);
          break;
        case 'sign-in':
          throw new Error('the sign-in leaves a request to itself');
        default:
          return outcome;
      }
    }
    throw new Error('the sign-in does not come to an end');
  }

  /**
   * @param {ProviderNeededOutcome} needed
   * @param {import('./ask.mjs').Deadline} deadline
   * @returns {Promise<Fetched>}
   */
  #fetch({ purpose, request }, deadline) {
    const now = this.#options.now();
    if (purpose === 'discovery') return this.#fetchMetadata(request, deadline, now);
    if (purpose !== 'refresh') return this.#send(request, deadline);
    for (const [sent, { at }] of this.#refreshes) {
      if (Math.abs(now - at) > REMEMBERED_SECONDS || this.#refreshes.size > MAX_REMEMBERED) this.#refreshes.delete(sent);
    }
    const known = this.#refreshes.get(request.body);
    if (known !== undefined) return known.answer;
    const answer = this.#send(request, deadline);
    this.#refreshes.set(request.body, { answer, at: now });
    // No answer is none to remember.
    answer.then(({ status }) => status === 200 || this.#refreshes.delete(request.body));
    return answer;
  }

  /**
   * @param {FetchRequest} request
   * @param {import('./ask.mjs').Deadline} deadline
   * @param {number} now seconds since 1970
   * @returns {Promise<Fetched>}
   */
  #fetchMetadata(request, deadline, now) {
    const known = this.#metadata.get(request.url);
    if (known !== undefined && Math.abs(now - known.at) < METADATA_PAUSE_SECONDS) return known.answer;
    const answer = this.#send(request, deadline);
    this.#metadata.set(request.url, { answer, at: now });
    return answer;
  }

  /**
   * @param {FetchRequest} request
   * @param {import('./ask.mjs').Deadline} deadline
   * @returns {Promise<Fetched>}
   */
  async #send({ body, ...request }, deadline) {
    try {
      const answer = await ask({ ...request, body: body === '' ? undefined : body }, { deadline, maxBytes: MAX_BYTES });
      return { status: answer.status, body: answer.body.toString('utf8') };
    } catch (error) {
      this.#options.onFailure(error);
      return { status: 0, body: '' };
    }
  }
}
