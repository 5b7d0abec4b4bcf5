import assert from 'node:assert/strict';
import { test } from 'node:test';

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { AuthorizerDashboard } from '../lib/dashboard.js';

test('the dashboard looks where Lambda@Edge reports: in each Region, under the name of the function in us-east-1', () => {
  const stack = new Stack(new App(), 'S', { env: { region: 'us-east-1' } });
  const regions = ['us-east-1', 'eu-central-1'];
  new AuthorizerDashboard(stack, 'D', { dashboardName: 'd', functionName: 'guard', distributionId: 'E1', regions });
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const { widgets } = JSON.parse(dashboard?.Properties.DashboardBody);
  const text = JSON.stringify(widgets);
  for (const metric of ['Invocations', 'Duration', 'Errors', 'Throttles']) {
    assert.match(text, new RegExp(`"AWS/Lambda","${metric}","FunctionName","us-east-1\\.guard"`));
  }
  for (const metric of ['Requests', '4xxErrorRate', '5xxErrorRate']) {
    assert.match(text, new RegExp(`"AWS/CloudFront","${metric}","DistributionId","E1","Region","Global"`));
  }
  const logs = widgets.filter(({ type }: any) => type === 'log').map(({ properties }: any) => properties.region);
  assert.deepEqual(logs, regions);
  assert.match(text, /\/aws\/lambda\/us-east-1\.guard/);
});
