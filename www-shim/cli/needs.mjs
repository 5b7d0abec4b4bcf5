import { checkConfiguration, reportText } from './check.mjs';
import { distributionNeeds } from './distribution-needs.mjs';
import { readText } from './files.mjs';

/** @typedef {import('./types.d.ts').Command} Command */

/** @type {Command} */
export const needs = {
  about: 'what a configuration needs of its CloudFront distribution and role, as JSON',
  usage: ['--config FILE'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
  },
  run: async ({ config }, io) => {
    const report = await checkConfiguration(config);
    if (report.errors.length > 0) {
      io.err(reportText(config, report));
      return 1;
    }
    const all = distributionNeeds(JSON.parse(readText(config, 'configuration')));
    io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  },
};
