// node bin/templates.js FOLDER TERRAFORM_FOLDER: writes the CloudFormation template of each example into a folder, and the
// dashboards for Terraform into another.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { templates, terraformDashboards } from '../lib/templates.js';

const [folder, terraformFolder] = process.argv.slice(2);
if (folder === undefined || terraformFolder === undefined) {
  throw new Error('usage: node bin/templates.js FOLDER TERRAFORM_FOLDER');
}
const outdir = mkdtempSync(join(tmpdir(), 'edge-authorizer-cdk-'));
try {
  const written = [...templates(outdir)].map(([name, template]): [string, string] => {
    return [join(folder, `${name}.json`), `${JSON.stringify(template, null, 2)}\n`];
  });
  const dashboards = [...terraformDashboards(outdir)].map(([name, text]): [string, string] => [join(terraformFolder, name), text]);
  for (const [file, text] of [...written, ...dashboards]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
} finally {
  rmSync(outdir, { recursive: true });
}
