// How the function runs: what `--memory` and `--timeout` may say.

import { UsageError } from '../../www-shim/cli/errors.mjs';

// "Quotas on Lambda@Edge" in the CloudFront Developer Guide: memory as in "Lambda quotas", and 30 seconds, at every event.
const MEMORY_MEGABYTES = { least: 128, most: 10_240 };
const MOST_SECONDS = 30;

// Until 2023 viewer events had 128 MB and 5 seconds at most, and accounts still assume it.
const FORMER_MEMORY_MEGABYTES = 128;
const FORMER_SECONDS = 5;

/** The function itself waits 4 seconds for a provider, and has to answer after that. */
const LEAST_SECONDS = 5;

/** @typedef {{ Runtime: string, Handler: string, MemorySize: number, Timeout: number }} Settings as Lambda calls them */

/**
 * @param {{ memory?: number, timeout?: number }} wanted megabytes and seconds; what an old account takes unless given
 * @returns {Settings}
 * @throws {Error} where Lambda@Edge allows no such function
 */
export function settingsOf({ memory = FORMER_MEMORY_MEGABYTES, timeout = FORMER_SECONDS }) {
  const { least, most } = MEMORY_MEGABYTES;
  if (memory < least || memory > most) {
    throw new UsageError(`\`--memory ${memory}\`: Lambda has from ${least} to ${most} megabytes`);
  }
  if (timeout < LEAST_SECONDS || timeout > MOST_SECONDS) {
    const why = `the function itself waits 4 seconds for a provider, and Lambda@Edge ends it after ${MOST_SECONDS}`;
    throw new UsageError(`\`--timeout ${timeout}\`: from ${LEAST_SECONDS} to ${MOST_SECONDS} seconds are possible, since ${why}`);
  }
  return { Runtime: 'nodejs24.x', Handler: 'index.handler', MemorySize: memory, Timeout: timeout };
}

/**
 * @param {Settings} settings
 * @returns {string | undefined} what to know before a distribution calls such a function at viewer-request
 */
export function warningAbout({ MemorySize, Timeout }) {
  if (MemorySize <= FORMER_MEMORY_MEGABYTES && Timeout <= FORMER_SECONDS) return undefined;
  const former = `${FORMER_MEMORY_MEGABYTES} MB and ${FORMER_SECONDS} seconds`;
  return `viewer-request had ${former} at most until 2023: where an account still has, CloudFront refuses the association`;
}

/** @type {(settings: Settings) => string[]} for the AWS CLI */
export function settingArguments({ Runtime, Handler, MemorySize, Timeout }) {
  return ['--runtime', Runtime, '--handler', Handler, '--memory-size', String(MemorySize), '--timeout', String(Timeout)];
}
