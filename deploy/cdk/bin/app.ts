// npx aws-cdk@2 deploy -c configuration=FILE [-c zip=FILE] [-c name=NAME] [-c originDomainName=HOST] [-c webAclArn=ARN]
// Paths are relative to this folder's package.json, where the cdk command runs.

import { App } from 'aws-cdk-lib';

import { GuardedSiteStack } from '../lib/guarded-site-stack.js';

const app = new App();
const configuration = context('configuration') ?? '../../examples/images/authorizer.json';
new GuardedSiteStack(app, context('name') ?? 'edge-authorizer', {
  configuration,
  zip: context('zip') ?? '../../dist/edge-authorizer.zip',
  env: { region: 'us-east-1' },
  distribution: { originDomainName: context('originDomainName'), webAclArn: context('webAclArn') },
});

function context(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}
