import { reportText } from './check.mjs';
import { distributionNeeds } from './distribution-needs.mjs';
import { readText } from './files.mjs';
import { loadTooling } from './tooling.mjs';

/** @typedef {import('./types.d.ts').Command} Command */

/** @type {Command} */
export const needs = {
  about: 'what a configuration needs of its CloudFront distribution and role, as JSON',
  usage: ['--config FILE'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
  },
  run: ({ config }, io) => {
    const text = readText(config, 'configuration');
    // The text only: whoever sets up a distribution need not have the secrets that the zip is made with.
    const report = loadTooling().Authorizer.check(text);
    if (report.errors.length > 0) {
      io.err(reportText(config, report));
      return 1;
    }
    const all = distributionNeeds(JSON.parse(text));
    io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  },
};
