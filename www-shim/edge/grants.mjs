import { randomBytes } from 'node:crypto';

/** @typedef {import('./sign-in-provider.mjs').DevelopmentUser} DevelopmentUser */
/**
 * @typedef {object} Grant what somebody has allowed by signing in
 * @property {DevelopmentUser} user
 * @property {string} scope
 * @property {string | undefined} nonce
 * @property {string} challenge
 * @property {string} redirectUri
 * @property {number} signedInAt
 */
/** @typedef {{ grant: Grant, until: number, isUsed: boolean }} Issued */

/** RFC 6749, section 4.1.2: a code is good for ten minutes at most. */
const CODE_SECONDS = 60;
const REFRESH_TOKEN_SECONDS = 24 * 3600;
const MAX_ISSUED = 1000;

/** What the development provider has issued: codes and refresh tokens, each good for one time. */
export class Grants {
  /** @type {Map<string, Issued>} */
  #codes = new Map();
  /** @type {Map<string, Issued>} */
  #refreshTokens = new Map();
  /** @type {WeakSet<Grant>} */
  #revoked = new WeakSet();
  #now;

  /** @param {() => number} now seconds since 1970 */
  constructor(now) {
    this.#now = now;
  }

  /** @type {(grant: Grant) => string} */
  newCode(grant) {
    return this.#issue(this.#codes, grant, CODE_SECONDS);
  }

  /** @type {(code: string) => Grant | null} */
  takeCode(code) {
    return this.#take(this.#codes, code);
  }

  /** @type {(grant: Grant) => string} */
  newRefreshToken(grant) {
    return this.#issue(this.#refreshTokens, grant, REFRESH_TOKEN_SECONDS);
  }

  /** @type {(token: string) => Grant | null} */
  takeRefreshToken(token) {
    return this.#take(this.#refreshTokens, token);
  }

  /** @type {(token: string) => void} ends what a refresh token was for, and all others that came of it (RFC 7009, section 2.1) */
  revoke(token) {
    const issued = this.#refreshTokens.get(token);
    if (issued) this.#revoked.add(issued.grant);
  }

  /** @type {(issued: Map<string, Issued>, grant: Grant, seconds: number) => string} */
  #issue(issued, grant, seconds) {
    const text = randomBytes(24).toString('base64url');
    issued.set(text, { grant, until: this.#now() + seconds, isUsed: false });
    const [oldest = ''] = issued.keys();
    if (issued.size > MAX_ISSUED) issued.delete(oldest);
    return text;
  }

  /** @type {(issued: Map<string, Issued>, text: string) => Grant | null} */
  #take(issued, text) {
    const found = issued.get(text);
    if (!found) return null;
    // Used twice, one of the two was stolen: nothing that came of it is good any more (RFC 6749, section 4.1.2; RFC 9700,
    // section 4.14.2).
    if (found.isUsed) this.#revoked.add(found.grant);
    found.isUsed = true;
    return this.#revoked.has(found.grant) || this.#now() >= found.until ? null : found.grant;
  }
}
