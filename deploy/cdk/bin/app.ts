// npx aws-cdk@2 deploy --all -c configuration=FILE [-c zip=FILE] [-c name=NAME] [-c originDomainName=HOST] [-c webAclArn=ARN]
//   [-c alarmRegions=REGION,REGION…] [-c topicArns=ARN,ARN…] [-c furtherKeyPairIds=ID,ID…] [-c memorySize=MB]
//   [-c timeoutSeconds=SECONDS]
// Paths are relative to this folder's package.json, where the cdk command runs.

import { App } from 'aws-cdk-lib';

import { GuardedSiteStack } from '../lib/guarded-site-stack.js';
import { RegionAlarmsStack } from '../lib/region-alarms-stack.js';

const app = new App();
const configuration = context('configuration') ?? '../../examples/images/authorizer.json';
const name = context('name') ?? 'edge-authorizer';
const topicArns = listed('topicArns');
new GuardedSiteStack(app, name, {
  configuration,
  zip: context('zip') ?? '../../dist/edge-authorizer.zip',
  env: { region: 'us-east-1' },
  memorySize: numeric('memorySize'),
  timeoutSeconds: numeric('timeoutSeconds'),
  distribution: {
    originDomainName: context('originDomainName'),
    webAclArn: context('webAclArn'),
    furtherKeyPairIds: listed('furtherKeyPairIds'),
  },
  topicArns,
});
// us-east-1 has its alarms in the stack above.
for (const region of listed('alarmRegions').filter((other) => other !== 'us-east-1')) {
  new RegionAlarmsStack(app, `${name}-alarms-${region}`, { configuration, functionName: name, topicArns, env: { region } });
}

function context(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}

function listed(name: string): string[] {
  return (context(name) ?? '').split(',').filter((item) => item !== '');
}

/** What is no number is refused where it is used. */
function numeric(name: string): number | undefined {
  const text = context(name);
  return text === undefined ? undefined : Number(text);
}
