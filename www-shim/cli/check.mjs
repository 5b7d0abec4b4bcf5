import { dirname, resolve } from 'node:path';
import { readBundled } from '../lib/bundled-file.mjs';
import { loadAuthorizer } from '../lib/configuration.mjs';
import { readText, reason } from './files.mjs';
import { loadTooling } from './tooling.mjs';

/** @typedef {import('../../pkg/tooling/edge_authorizer.js').CheckReport} CheckReport */
/** @typedef {import('../../pkg/tooling/edge_authorizer.js').Authorizer} Authorizer */
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
  const located = (/** @type {FileProblem} */ { place, message }) => {
    const [line = null, column = null] = Authorizer.locate(text, place);
    return { place, line, column, message };
  };
  const folder = dirname(resolve(path));
  const missing = missingFiles(new Authorizer(text), folder);
  const problems = missing.length > 0 ? missing : fileProblems(() => loadAuthorizer(Authorizer, text, folder).free());
  return { ...report, errors: problems.map(located) };
}

/** @typedef {{ place: string, message: string }} FileProblem */

/** @type {(authorizer: Authorizer, folder: string) => FileProblem[]} of all files that the configuration names */
function missingFiles(authorizer, folder) {
  const secrets = authorizer.secrets().map(({ name, file }) => ({ place: `${name}.file`, file }));
  const pages = authorizer.pages().map(({ status, file }) => ({ place: `pages.${status}`, file }));
  authorizer.free();
  return [...secrets, ...pages].flatMap(({ place, file }) => {
    if (file === null) return [];
    try {
      readBundled(file, folder);
      return [];
    } catch (error) {
      const isKey = place.startsWith('signIn.cookieKey') && /** @type {any} */ (error).code === 'ENOENT';
      const hint = isKey ? `; \`openssl rand -base64 32 > ${file}\` makes one` : '';
      return [{ place, message: `cannot read \`${file}\`, from the folder of the configuration: ${reason(error)}${hint}` }];
    }
  });
}

/** @type {(load: () => void) => FileProblem[]} what is wrong in them */
function fileProblems(load) {
  try {
    load();
    return [];
  } catch (error) {
    const { message, place = '' } = /** @type {Error & { place?: string }} */ (error);
    return [{ place, message: message.slice(place === '' ? 0 : `${place}: `.length) }];
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
