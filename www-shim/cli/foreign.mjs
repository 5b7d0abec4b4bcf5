/**
 * @typedef {object} Converted
 * @property {object} configuration ours
 * @property {string | undefined} clientSecret
 * @property {string[]} notes what could not be carried over, or is another now
 */

/** Paths that every site of these has: the first page, and the rest. */
export const EVERY_PATH = { root: '/', site: '/{*rest}' };

/** A configuration of other software, which is read key by key, so that none is passed over in silence. */
export class Foreign {
  /** @type {string[]} */
  notes = [];
  #source;
  #file;
  /** @type {Set<string>} */
  #unread;

  /**
   * @param {Record<string, any>} source
   * @param {string} file its name, for messages
   */
  constructor(source, file) {
    this.#source = source;
    this.#file = file;
    this.#unread = new Set(Object.keys(source));
  }

  /**
   * @param {string} key
   * @returns {string | undefined} `undefined` where it is not there, or empty
   */
  text(key) {
    const value = this.value(key);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw new Error(`\`${this.#file}\`: \`${key}\` is no text`);
  }

  /** @type {(key: string) => string} */
  requiredText(key) {
    const text = this.text(key);
    if (text !== undefined) return text;
    throw new Error(`\`${this.#file}\`: \`${key}\` is missing`);
  }

  /** @type {(key: string) => any} what is there, whatever it is; `undefined` for `null` */
  value(key) {
    this.#unread.delete(key);
    return Object.hasOwn(this.#source, key) ? (this.#source[key] ?? undefined) : undefined;
  }

  /**
   * @param {string} key
   * @param {string} why it is not carried over
   */
  drop(key, why) {
    const value = this.value(key);
    const isNothing = value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!isNothing) this.notes.push(`\`${key}\` is not carried over: ${why}`);
  }

  /** @type {(keys: string[]) => void} What we do without: nobody misses it. */
  pass(...keys) {
    for (const key of keys.flat()) this.#unread.delete(key);
  }

  /** @type {(text: string) => void} */
  note(text) {
    this.notes.push(text);
  }

  /** @type {(converted: Omit<Converted, 'notes'>) => Converted} */
  finished(converted) {
    for (const key of this.#unread) this.note(`\`${key}\` is not carried over: it is not known here`);
    return { ...converted, notes: this.notes };
  }
}

/** @type {(level: string | undefined) => 'error' | 'info' | 'debug'} the nearest of our levels */
export function logLevel(level) {
  if (level === 'debug' || level === 'trace') return 'debug';
  return level === 'info' ? 'info' : 'error';
}

/**
 * @param {Foreign} source
 * @param {string | undefined} sameSite
 * @param {string} place where it stands
 * @returns {'None' | undefined} what `cookieSettings.sameSite` has to be, if not `Lax`
 */
export function sameSite(source, sameSite, place) {
  if (/^strict$/i.test(sameSite ?? '')) {
    source.note(`\`SameSite=Strict\` in \`${place}\` is \`Lax\` now: browsers would keep the session back on the way from the provider`);
  }
  return /^none$/i.test(sameSite ?? '') ? 'None' : undefined;
}

/** @type {<T extends object>(object: T) => T | undefined} without what is `undefined`; `undefined` where nothing is left */
export function compact(object) {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : /** @type {any} */ (Object.fromEntries(entries));
}
