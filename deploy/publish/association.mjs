// Which version of the function a distribution's cache behaviors call: edits of its configuration, without AWS.

/** @typedef {{ includeBody: boolean } | null} OriginRequest whether it is called at origin-request, too, and how */

/** What the default behavior is called here: it has no path pattern. */
export const DEFAULT = 'default';

/**
 * Associates a version with behaviors of a distribution, in place.
 *
 * @param {any} config `DistributionConfig` of the CloudFront API
 * @param {object} what
 * @param {string} what.functionArn without a version
 * @param {string} what.version
 * @param {OriginRequest} what.originRequest
 * @param {string[]} [what.patterns] of the behaviors; all that are not guarded by signed cookies unless given
 * @param {boolean} [what.replace] whether it takes the place of another function
 * @returns {{ guarded: string[], open: string[] }} path patterns of behaviors that call it now, and of those that do not
 * @throws {Error} where a behavior cannot call it
 */
export function associate(config, { functionArn, version, originRequest, patterns, replace = false }) {
  const all = behaviorsOf(config);
  const chosen = patterns === undefined ? all.filter(({ behavior }) => !isForSigned(behavior)) : named(all, patterns);
  for (const { pattern, behavior } of chosen) {
    const events = eventsOf(originRequest).map(([event]) => event);
    const others = othersOf(behavior, functionArn);
    const inTheWay = others.find(({ EventType: event }) => events.includes(event));
    assertRoom(pattern, behavior, replace ? undefined : inTheWay);
    const arn = `${functionArn}:${version}`;
    const own = eventsOf(originRequest).map(([EventType, IncludeBody]) => ({ LambdaFunctionARN: arn, EventType, IncludeBody }));
    setAssociations(behavior, [...own, ...others.filter(({ EventType: event }) => !events.includes(event))]);
  }
  const guarded = chosen.map(({ pattern }) => pattern);
  const open = all.filter(({ pattern, behavior }) => !guarded.includes(pattern) && !isForSigned(behavior));
  return { guarded, open: open.map(({ pattern }) => pattern) };
}

/**
 * A dry run reads no distribution: the behaviors that are named are taken to be there, in place.
 *
 * @param {any} config
 * @param {string[]} [patterns]
 */
export function assumeBehaviors(config, patterns = []) {
  const items = patterns.filter((pattern) => pattern !== DEFAULT).map((PathPattern) => ({ PathPattern }));
  config.CacheBehaviors = { Quantity: items.length, Items: items };
}

/**
 * Takes every association with a function out of a distribution, in place.
 *
 * @param {any} config
 * @param {string} functionArn without a version
 * @returns {string[]} path patterns of the behaviors that called it
 */
export function dissociate(config, functionArn) {
  const patterns = [];
  for (const { pattern, behavior } of behaviorsOf(config)) {
    const others = othersOf(behavior, functionArn);
    if (others.length === associationsOf(behavior).length) continue;
    setAssociations(behavior, others);
    patterns.push(pattern);
  }
  return patterns;
}

/**
 * @param {any} config
 * @param {string} functionArn without a version
 * @returns {{ version: number, patterns: string[], originRequest: OriginRequest } | undefined} what is associated now;
 *   the newest where there are several
 */
export function associated(config, functionArn) {
  const found = behaviorsOf(config).flatMap(({ pattern, behavior }) =>
    associationsOf(behavior)
      .filter((association) => isOf(association, functionArn))
      .map((association) => ({ pattern, ...association })),
  );
  if (found.length === 0) return undefined;
  const version = Math.max(...found.map(({ LambdaFunctionARN: arn }) => Number(arn.slice(functionArn.length + 1))));
  const signing = found.find(({ EventType: event }) => event === 'origin-request');
  return {
    version,
    patterns: [...new Set(found.map(({ pattern }) => pattern))],
    originRequest: signing === undefined ? null : { includeBody: signing.IncludeBody === true },
  };
}

/**
 * The events that a version is for, as its description: going back to it, they have to be known.
 *
 * @param {OriginRequest} originRequest
 */
export function eventsText(originRequest) {
  return eventsOf(originRequest)
    .map(([event, includesBody]) => (includesBody ? `${event} with body` : event))
    .join(', ');
}

/**
 * @param {string} description of a version
 * @returns {OriginRequest | undefined} `undefined` where it says nothing of events
 */
export function originRequestIn(description) {
  const known = [null, { includeBody: false }, { includeBody: true }];
  return known.find((originRequest) => eventsText(originRequest) === description);
}

/** @type {(config: any) => { pattern: string, behavior: any }[]} */
function behaviorsOf({ DefaultCacheBehavior, CacheBehaviors }) {
  const ordered = (CacheBehaviors?.Items ?? []).map((/** @type {any} */ behavior) => ({
    pattern: behavior.PathPattern,
    behavior,
  }));
  return [{ pattern: DEFAULT, behavior: DefaultCacheBehavior }, ...ordered];
}

/** @type {(all: ReturnType<typeof behaviorsOf>, patterns: string[]) => ReturnType<typeof behaviorsOf>} */
function named(all, patterns) {
  const unknown = patterns.filter((pattern) => !all.some((one) => one.pattern === pattern));
  if (unknown.length > 0) {
    const known = all.map(({ pattern }) => `\`${pattern}\``).join(', ');
    throw new Error(`the distribution has no behavior \`${unknown[0]}\`: it has ${known}`);
  }
  return all.filter(({ pattern }) => patterns.includes(pattern));
}

/** CloudFront checks these behaviors itself: with the keys of signed cookies and URLs. */
function isForSigned(/** @type {any} */ behavior) {
  return behavior.TrustedKeyGroups?.Enabled === true;
}

/** @type {(originRequest: OriginRequest) => [event: string, includesBody: boolean][]} */
function eventsOf(originRequest) {
  /** @type {[string, boolean]} */
  const decides = ['viewer-request', false];
  return originRequest === null ? [decides] : [decides, ['origin-request', originRequest.includeBody]];
}

/** @type {(pattern: string, behavior: any, inTheWay: any) => void} */
function assertRoom(pattern, behavior, inTheWay) {
  // "Restrictions on edge functions": not both kinds of function on viewer events of one behavior.
  const beside = (behavior.FunctionAssociations?.Items ?? []).map((/** @type {any} */ item) => item.EventType);
  if (beside.length > 0) {
    throw new Error(
      `behavior \`${pattern}\` has a CloudFront Function at ${beside.join(', ')}: CloudFront allows no Lambda@Edge function beside it`,
    );
  }
  if (inTheWay !== undefined) {
    const { LambdaFunctionARN: arn, EventType: event } = inTheWay;
    throw new Error(`behavior \`${pattern}\` calls \`${arn}\` at ${event}: with \`--replace\` it would not any more`);
  }
}

/** @type {(behavior: any) => any[]} */
function associationsOf(behavior) {
  return behavior.LambdaFunctionAssociations?.Items ?? [];
}

/** @type {(behavior: any, functionArn: string) => any[]} */
function othersOf(behavior, functionArn) {
  return associationsOf(behavior).filter((association) => !isOf(association, functionArn));
}

/** @type {(behavior: any, items: any[]) => void} */
function setAssociations(behavior, items) {
  behavior.LambdaFunctionAssociations = { Quantity: items.length, ...(items.length > 0 ? { Items: items } : {}) };
}

/** @type {(association: any, functionArn: string) => boolean} */
function isOf({ LambdaFunctionARN: arn }, functionArn) {
  return arn.startsWith(`${functionArn}:`);
}
