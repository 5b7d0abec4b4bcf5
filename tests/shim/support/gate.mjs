import { within } from './within.mjs';

/**
 * Something that others wait for.
 *
 * @param {string} what it is that opens it
 */
export function gate(what) {
  let open = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => (open = resolve));
  return { open, isOpen: () => within(opened, what) };
}
