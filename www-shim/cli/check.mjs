import { dirname, resolve } from 'node:path';
import { loadAuthorizer } from '../lib/configuration.mjs';
import { readText } from './files.mjs';
import { loadTooling } from './tooling.mjs';

/** @typedef {import('../../pkg/tooling/edge_authorizer.js').CheckReport} CheckReport */
/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./types.d.ts').Io} Io */
/** @typedef {import('../../pkg/tooling/edge_authorizer.js').Problem} Problem */

/** @type {Command} */
export const check = {
  about: 'find errors and doubtful places in a configuration',
  usage: ['--config FILE [--strict] [--json]'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
    strict: { type: 'boolean', help: 'exit code 1 where there are warnings, too' },
    json: { type: 'boolean', help: 'one JSON object with `errors` and `warnings`' },
  },
  run: async ({ config, strict = false, json = false }, io) => {
    const report = await checkConfiguration(config);
    if (json) io.out(`${JSON.stringify(report, null, 2)}\n`);
    else io.out(reportText(config, report));
    return report.errors.length > 0 || (strict && report.warnings.length > 0) ? 1 : 0;
  },
};

/**
 * @param {string} path
 * @returns {Promise<CheckReport>} with the files that the configuration refers to
 * @throws {Error} where the file cannot be read
 */
export async function checkConfiguration(path) {
  const text = readText(path, 'configuration');
  const { Authorizer } = loadTooling();
  const report = Authorizer.check(text);
  if (report.errors.length > 0) return report;
  try {
    loadAuthorizer(Authorizer, text, dirname(resolve(path))).free();
    return report;
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { ...report, errors: [{ place: '', line: null, column: null, message }] };
  }
}

/**
 * @param {string} path
 * @param {CheckReport} report
 * @returns {string} a line for each problem, in the form that editors jump to, and a sum
 */
export function reportText(path, { errors, warnings }) {
  const lines = [
    ...errors.map((problem) => problemLine(path, 'error', problem)),
    ...warnings.map((problem) => problemLine(path, 'warning', problem)),
  ];
  const sum = `${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}`;
  return `${[...lines, `${path}: ${sum}`].join('\n')}\n`;
}

/** @type {(path: string, kind: string, problem: Problem) => string} */
function problemLine(path, kind, { place, line, column, message }) {
  const position = line === null ? '' : `:${line}${column === null ? '' : `:${column}`}`;
  return `${path}${position}: ${kind}: ${place === '' ? '' : `${place}: `}${message}`;
}

/** @type {(count: number, word: string) => string} */
function counted(count, word) {
  return `${count === 0 ? 'no' : count} ${word}${count === 1 ? '' : 's'}`;
}
