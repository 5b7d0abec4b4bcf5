import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';

const PAGE = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'none', Accept: 'text/html' };
const MAX_HOPS = 10;

/** @typedef {{ url: string, status: number, headers: import('node:http').IncomingHttpHeaders, text: string }} Shown */

/** A browser over real sockets. Its cookies are one host's: they do not tell ports apart, as in real ones. */
export class HttpBrowser {
  /** @type {Map<string, string>} */
  cookies = new Map();
  /** Where redirects have led, without their queries. @type {string[]} */
  hops = [];

  /**
   * One request; no redirect is followed.
   *
   * @param {string} url
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Shown>}
   */
  async fetch(url, headers = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { ...headers, ...(cookie === '' ? {} : { Cookie: cookie }) };
    // Not `fetch`, which sets `Sec-Fetch-Mode` itself.
    const [answer] = await once(request(url, { headers: sent, agent: false }).end(), 'response');
    for (const setCookie of answer.headers['set-cookie'] ?? []) this.#take(setCookie);
    const text = Buffer.concat(await answer.toArray()).toString();
    return { url, status: answer.statusCode, headers: answer.headers, text };
  }

  /**
   * Opens a page in a tab, and follows where it leads.
   *
   * @param {string} url
   * @returns {Promise<Shown>}
   */
  async open(url) {
    let shown = await this.fetch(url, PAGE);
    for (let hop = 0; shown.headers.location !== undefined; hop += 1) {
      assert.ok(hop < MAX_HOPS, `round and round: ${this.hops.join(' ')}`);
      const next = new URL(shown.headers.location, shown.url);
      this.hops.push(`${shown.status} ${next.origin}${next.pathname}`);
      shown = await this.fetch(next.href, PAGE);
    }
    return shown;
  }

  /**
   * Clicks the link with this text.
   *
   * @param {Shown} page
   * @param {string} text
   * @returns {Promise<Shown>}
   */
  click({ url, text: html }, text) {
    return this.open(new URL(linkIn(html, text), url).href);
  }

  /** @param {string} setCookie */
  #take(setCookie) {
    const [pair = '', ...attributes] = setCookie.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/**
 * @param {string} html
 * @param {string} text what the link begins with
 * @returns {string} where it leads
 */
export function linkIn(html, text) {
  for (const [, href = '', content = ''] of html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)) {
    if (content.startsWith(text)) return href.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll('&amp;', '&');
  }
  return assert.fail(`no link \`${text}\` in ${html}`);
}
