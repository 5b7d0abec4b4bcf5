import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';

import { EdgeAuthorizer } from '../lib/edge-authorizer.js';
import { GuardedSiteStack } from '../lib/guarded-site-stack.js';
import { exampleConfigurations, templates, terraformDashboards } from '../lib/templates.js';

const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-cdk-'));
after(() => rmSync(folder, { recursive: true }));

const CONFIGURATION = exampleConfigurations().get('images') ?? assert.fail('there is no example `images`');
const { writeZip } = await import(new URL('../../../scripts/zip.mjs', import.meta.url).href);
const ZIP = await zipOf(CONFIGURATION);
const COMMITTED = new URL('../../cloudformation/', import.meta.url);
const TERRAFORM_DASHBOARDS = new URL('../../terraform/dashboard/', import.meta.url);

async function zipOf(configuration: string): Promise<string> {
  const { zip } = await writeZip([{ name: 'authorizer.json', content: readFileSync(configuration) }]);
  const file = join(folder, 'edge-authorizer.zip');
  writeFileSync(file, zip);
  return file;
}

function stackIn(region: string): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'S', { env: { region } });
}

test('its behavior guards a path of a distribution that there is', () => {
  const stack = stackIn('us-east-1');
  const authorizer = new EdgeAuthorizer(stack, 'A', { configuration: CONFIGURATION, zip: ZIP });
  const origin = new HttpOrigin('origin.example');
  const distribution = new cloudfront.Distribution(stack, 'Own', { defaultBehavior: { origin } });
  distribution.addBehavior('/private/*', origin, authorizer.behavior);

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudFront::Distribution', 1);
  const [made] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const { CacheBehaviors, DefaultCacheBehavior } = made?.Properties.DistributionConfig;
  assert.equal(CacheBehaviors[0].LambdaFunctionAssociations[0].EventType, 'viewer-request');
  assert.equal(DefaultCacheBehavior.LambdaFunctionAssociations, undefined);
  template.resourceCountIs('AWS::S3::Bucket', 0);
});

test('the version is for the zip on this machine', () => {
  const stack = new GuardedSiteStack(new App(), 'S', {
    configuration: CONFIGURATION,
    zip: ZIP,
    env: { region: 'us-east-1' },
  });
  const CodeSha256 = createHash('sha256').update(readFileSync(ZIP)).digest('base64');
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Version', { CodeSha256 });
});

test('a zip with another configuration than the distribution is refused', () => {
  const other = join(folder, 'other.json');
  writeFileSync(other, `${readFileSync(CONFIGURATION, 'utf8')} `);
  const make = () => new EdgeAuthorizer(stackIn('us-east-1'), 'A', { configuration: other, zip: ZIP });
  assert.throws(make, /holds another configuration/);
});

test('a configuration that `check` finds wrong is refused with what it says', () => {
  const wrong = join(folder, 'wrong.json');
  writeFileSync(wrong, '{"providers": {}, "rulez": []}');
  const make = () => new EdgeAuthorizer(stackIn('us-east-1'), 'A', { configuration: wrong, zip: ZIP });
  assert.throws(make, /wrong\.json.*`rules`/s);
});

test('the templates in deploy/cloudformation are those of the examples', () => {
  const made = templates(mkdtempSync(join(folder, 'out-')));
  assert.ok(made.size > 0);
  const names = [...made.keys()].map((name) => `${name}.json`);
  assert.deepEqual(readdirSync(COMMITTED).sort(), names.sort(), 'run ./build.sh templates');
  for (const [name, template] of made) {
    const committed = JSON.parse(readFileSync(new URL(`${name}.json`, COMMITTED), 'utf8'));
    assert.deepEqual(template, committed, `run ./build.sh templates: ${name}.json is out of date`);
  }
});

test('the dashboards of the Terraform module are those of the construct', () => {
  const made = terraformDashboards(mkdtempSync(join(folder, 'out-')));
  assert.equal(made.size, 2);
  for (const [name, text] of made) {
    assert.equal(readFileSync(new URL(name, TERRAFORM_DASHBOARDS), 'utf8'), text, `run ./build.sh templates: ${name} is out of date`);
  }
});

test('a template asks for what the configuration does not say of the origin', () => {
  const configuration = join(folder, 'signs.json');
  const written = JSON.parse(readFileSync(CONFIGURATION, 'utf8'));
  const parametersFor = (service: string) => {
    writeFileSync(configuration, JSON.stringify({ ...written, forward: { ...written.forward, sign: { service } } }));
    const template = Template.fromStack(new GuardedSiteStack(new App(), 'S', { configuration })).toJSON();
    return Object.keys(template.Parameters).filter((name) => name.startsWith('Origin'));
  };
  assert.deepEqual(parametersFor('s3'), []);
  assert.deepEqual(parametersFor('medical-imaging'), ['OriginArns']);
  assert.deepEqual(parametersFor('execute-api'), ['OriginArns', 'OriginDomainName']);
});

test('the app makes a stack of alarms for each Region that is named, and none for the one that has them', () => {
  const outdir = mkdtempSync(join(folder, 'app-'));
  const context = { configuration: CONFIGURATION, zip: ZIP, name: 'site', alarmRegions: 'us-east-1,eu-central-1,ap-northeast-1' };
  const app = fileURLToPath(new URL('../bin/app.js', import.meta.url));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const { status, stderr } = spawnSync(process.execPath, [app], { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  const stacks = readdirSync(outdir).flatMap((name) => /^(.*)\.template\.json$/.exec(name)?.[1] ?? []);
  assert.deepEqual(stacks.sort(), ['site', 'site-alarms-ap-northeast-1', 'site-alarms-eu-central-1']);
  const other = readFileSync(join(outdir, 'site-alarms-eu-central-1.template.json'), 'utf8');
  assert.match(other, /us-east-1\.site/);
});
