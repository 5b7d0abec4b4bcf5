// Whether what is deployed refuses what the same configuration refuses here: one request without a token.

import { lookup } from 'node:dns/promises';
import { dirname, resolve } from 'node:path';

import { shippedAuthorizer } from '../../www-shim/cli/tooling.mjs';
import { verdictOn } from '../../www-shim/cli/verdict.mjs';

/** What tells best that the function answers: no origin says these of itself where it has no logins. */
const TELLING = [401, 302, 405, 403];

/** What stands for a capture in a path that is asked for. */
const SEGMENT = 'smoke-test';

/**
 * A path that nobody gets without a token, and what the configuration answers there.
 *
 * @param {string} configText
 * @param {string} configFile
 * @param {string} host
 * @returns {{ path: string, status: number } | undefined} `undefined` where every rule lets somebody pass without one
 */
export function guardedPath(configText, configFile, host) {
  const authorizer = shippedAuthorizer(configText, dirname(resolve(configFile)));
  try {
    const paths = JSON.parse(configText).rules.map((/** @type {any} */ rule) => examplePath(rule.match?.path ?? '/'));
    const answers = [...new Set([...paths, `/${SEGMENT}`])].flatMap((path) => {
      const { status } = verdictOn(authorizer, viewerEvent(path, host), Date.now() / 1000);
      return status === null ? [] : [{ path, status }];
    });
    return TELLING.map((status) => answers.find((answer) => answer.status === status)).find(Boolean);
  } finally {
    authorizer.free();
  }
}

/**
 * @param {string} url of the distribution
 * @param {{ path: string, status: number }} expected
 * @returns {Promise<string>} what came of it, where that is what was expected
 * @throws {Error} where something else was answered
 */
export async function smokeTest(url, { path, status }) {
  const { hostname } = new URL(url);
  try {
    await lookup(hostname);
  } catch {
    return `skipped: the name ${hostname} cannot be resolved from here`;
  }
  const response = await fetch(new URL(path, url), { redirect: 'manual', signal: AbortSignal.timeout(30_000) });
  if (response.status !== status) {
    throw new Error(`${new URL(path, url)} without a token is answered with ${response.status} instead of ${status}`);
  }
  return `${path} without a token: ${response.status}`;
}

/** @param {string} pattern of a rule: `/users/{user}/{*rest}` */
function examplePath(pattern) {
  return pattern.replace(/\{[^}]*\}/g, SEGMENT);
}

/** @type {(uri: string, host: string) => any} */
function viewerEvent(uri, host) {
  const headers = { host: [{ key: 'Host', value: host }] };
  const request = { clientIp: '192.0.2.1', method: 'GET', uri, querystring: '', headers };
  return { Records: [{ cf: { config: { eventType: 'viewer-request', requestId: SEGMENT }, request } }] };
}
