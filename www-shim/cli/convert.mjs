import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportText } from './check.mjs';
import { fromCloudFrontAuthorizationAtEdge } from './convert-cloudfront-authorization-at-edge.mjs';
import { fromCognitoAtEdge } from './convert-cognito-at-edge.mjs';
import { readJson, writeNew, writeSecret } from './files.mjs';
import { Foreign } from './foreign.mjs';
import { loadTooling } from './tooling.mjs';

/** @typedef {import('./foreign.mjs').Converted} Converted */
/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./types.d.ts').Io} Io */

/** Each by a key that the others have not, and that it cannot be without. @type {Record<string, (source: Foreign) => Converted>} */
const FORMATS = { cognitoAuthDomain: fromCloudFrontAuthorizationAtEdge, userPoolAppId: fromCognitoAtEdge };

/** @type {Command} */
export const convert = {
  about: 'make a configuration of that of other software',
  usage: ['--from configuration.json [--out authorizer.json]'],
  options: {
    from: { type: 'string', value: 'FILE', help: 'of cloudfront-authorization-at-edge or cognito-at-edge', required: true },
    out: { type: 'string', value: 'FILE', help: 'takes the configuration, with secrets beside it; default: standard output' },
  },
  run: ({ from, out }, io) => {
    const source = readJson(from, 'configuration');
    const { configuration, clientSecret, notes } = converted(source, from);
    const text = `${JSON.stringify(configuration, null, 2)}\n`;
    // What stands there is not ours: a path that two things are at, say.
    const report = loadTooling().Authorizer.check(text);
    if (report.errors.length > 0) {
      io.err(`of \`${from}\` comes a configuration that is none:\n${text}${reportText(out ?? 'authorizer.json', report)}`);
      return 1;
    }
    if (out === undefined) io.out(text);
    else notes.push(...write(out, text, clientSecret));
    for (const note of notes) io.err(`- ${note}\n`);
    return 0;
  },
};

/** @type {(source: any, file: string) => Converted} */
function converted(source, file) {
  const isObject = typeof source === 'object' && source !== null && !Array.isArray(source);
  const key = Object.keys(FORMATS).find((name) => isObject && Object.hasOwn(source, name));
  if (key === undefined) {
    const known = 'the `configuration.json` of cloudfront-authorization-at-edge has `cognitoAuthDomain`';
    throw new Error(`\`${file}\` is of no known software: ${known}, the parameters of cognito-at-edge have \`userPoolAppId\``);
  }
  return /** @type {(source: Foreign) => Converted} */ (FORMATS[key])(new Foreign(source, file));
}

/**
 * Writes the configuration, and beside it the secrets that it refers to.
 *
 * @param {string} out
 * @param {string} text
 * @param {string | undefined} clientSecret
 * @returns {string[]} what there is to say about that
 */
function write(out, text, clientSecret) {
  writeNew(out, text);
  const secrets = { 'cookie-key': randomBytes(32).toString('base64'), 'client-secret': clientSecret };
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const file = join(dirname(out), name);
    if (secret === undefined) return [];
    if (existsSync(file)) return [`\`${file}\` was there before, and is left as it is`];
    writeSecret(file, `${secret}\n`);
    return [`\`${file}\` is a secret: keep it out of repositories`];
  });
}
