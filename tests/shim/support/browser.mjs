import assert from 'node:assert/strict';

/** @typedef {import('./shipped-handler.mjs').ShippedHandler} ShippedHandler */
/** @typedef {import('./shipped-handler.mjs').Answer} Answer */

const PAGE = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'none', Accept: 'text/html' };

/** A browser: it keeps the cookies that answers set, and sends them. */
export class Browser {
  /** @type {Map<string, string>} */
  cookies = new Map();
  #handler;

  /** @param {ShippedHandler} handler */
  constructor(handler) {
    this.#handler = handler;
  }

  /**
   * @param {string} url path and query
   * @param {Record<string, string>} headers
   * @param {string} [method]
   */
  async fetch(url, headers, method = 'GET') {
    const [uri, querystring = ''] = url.split('?');
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = cookie === '' ? headers : { ...headers, Cookie: cookie };
    const answer = await this.#handler.send(uri, { method, querystring, headers: sent });
    for (const { value } of answer.result.headers['set-cookie'] ?? []) this.#take(value);
    return answer;
  }

  /**
   * Opens a page in a tab.
   *
   * @param {string} url
   * @param {Record<string, string>} [headers]
   */
  open(url, headers = {}) {
    return this.fetch(url, { ...PAGE, ...headers });
  }

  /** @param {string} setCookie */
  #take(setCookie) {
    const [pair, ...attributes] = setCookie.split('; ');
    const [name, value] = pair.split(/=(.*)/s);
    // RFC 6265bis, section 4.1.3.2.
    if (name.startsWith('__Host-')) {
      assert.ok(attributes.includes('Secure') && attributes.includes('Path=/'), setCookie);
      assert.ok(!attributes.some((attribute) => attribute.startsWith('Domain=')), setCookie);
    }
    assert.ok(setCookie.length <= 4096, `${setCookie.length} characters`);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else {
      this.#handler.log.mustNotTell(value);
      this.cookies.set(name, value);
    }
  }
}

/**
 * @param {Answer} answer
 * @returns {string}
 */
export function locationOf({ result }) {
  assert.ok(result.headers?.location, `${result.status} leads nowhere`);
  return result.headers.location[0].value;
}
