/** SPDX identifiers of licences that ask for their notice to be kept, and nothing of what uses them. */
const ALLOWED = [
  ...['MIT', 'MIT-0', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-1-Clause', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['ISC', '0BSD', 'Unlicense', 'CC0-1.0', 'Zlib', 'Unicode-3.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC-BY-4.0'],
];

/**
 * @param {string} expression of SPDX licences, or with `/` as crates used to write it
 * @returns {boolean} whether a licence of our list, or several where all are needed, is enough
 */
export function allows(expression) {
  const tokens = expression.replaceAll('/', ' OR ').match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  /** @type {() => boolean} */
  const either = () => {
    let isAllowed = both();
    while (tokens[at] === 'OR') {
      at += 1;
      isAllowed = both() || isAllowed;
    }
    return isAllowed;
  };
  /** @type {() => boolean} */
  const both = () => {
    let isAllowed = one();
    while (tokens[at] === 'AND') {
      at += 1;
      isAllowed = one() && isAllowed;
    }
    return isAllowed;
  };
  /** @type {() => boolean} */
  const one = () => {
    let name = tokens[at];
    at += 1;
    if (name === '(') {
      const isAllowed = either();
      at += 1;
      return isAllowed;
    }
    if (tokens[at] === 'WITH') {
      name = `${name} WITH ${tokens[at + 1]}`;
      at += 2;
    }
    return ALLOWED.includes(String(name));
  };
  return tokens.length > 0 && either() && at === tokens.length;
}
