import { parseArgs } from 'node:util';
import { UsageError } from './errors.mjs';
import { nearest } from './nearest.mjs';

/** @typedef {import('./types.d.ts').Option} Option */
/** @typedef {import('./types.d.ts').Values} Values */

/**
 * @param {string[]} args
 * @param {Record<string, Option>} options
 * @returns {Values}
 * @throws {UsageError} for what is unknown, missing or without its value
 */
export function parseOptions(args, options) {
  refuseUnknown(args, options);
  const values = parse(args, options);
  for (const [name, { required, value }] of Object.entries(options)) {
    if (required && values[name] === undefined) {
      throw new UsageError(`option \`--${name} ${value}\` is missing`);
    }
  }
  return values;
}

/**
 * @param {Values} values
 * @param {string} name
 * @returns {number | undefined}
 * @throws {UsageError} where the text is no number
 */
export function numberOption(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`option \`--${name}\` takes a number, not \`${text}\``);
}

/** @type {(args: string[], options: Record<string, Option>) => void} */
function refuseUnknown(args, options) {
  const known = [...Object.keys(options), 'help'];
  for (const arg of args) {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name === undefined || known.includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant ? `; did you mean \`--${meant}\`?` : '';
    throw new UsageError(`unknown option \`--${name}\`${hint}`);
  }
}

/** @type {(args: string[], options: Record<string, Option>) => Values} */
function parse(args, options) {
  const specs = Object.entries(options).map(([name, { type }]) => [name, { type }]);
  try {
    const { values } = parseArgs({
      args: withNumbers(args, options),
      options: Object.fromEntries(specs),
      allowPositionals: false,
    });
    return /** @type {Values} */ (values);
  } catch (error) {
    const [sentence = ''] = String(/** @type {Error} */ (error).message).split(/\n|\. /);
    const text = sentence.replaceAll("'", '`').replace(/\.$/, '');
    throw new UsageError(text.charAt(0).toLowerCase() + text.slice(1));
  }
}

/**
 * `parseArgs` takes what begins with `-` for an option: a number after an option that has a value is that value.
 *
 * @type {(args: string[], options: Record<string, Option>) => string[]}
 */
function withNumbers(args, options) {
  const joined = [...args];
  for (let index = joined.length - 1; index > 0; index -= 1) {
    const [option = '', value = ''] = joined.slice(index - 1, index + 1);
    const takesValue = option.startsWith('--') && options[option.slice(2)]?.type === 'string';
    if (takesValue && /^-\d/.test(value)) joined.splice(index - 1, 2, `${option}=${value}`);
  }
  return joined;
}
