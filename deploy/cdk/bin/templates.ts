// node bin/templates.js FOLDER: writes the CloudFormation template of each example into a folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { templates } from '../lib/templates.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bin/templates.js FOLDER');
mkdirSync(folder, { recursive: true });
const outdir = mkdtempSync(join(tmpdir(), 'edge-authorizer-cdk-'));
try {
  for (const [name, template] of templates(outdir)) {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(template, null, 2)}\n`);
  }
} finally {
  rmSync(outdir, { recursive: true });
}
