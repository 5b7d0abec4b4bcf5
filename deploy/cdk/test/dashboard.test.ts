import assert from 'node:assert/strict';
import { test } from 'node:test';

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { AuthorizerDashboard } from '../lib/dashboard.js';
import type { DistributionNeeds } from '../lib/needs.js';

const REGIONS = ['us-east-1', 'eu-central-1'];

function widgetsOf(metrics: DistributionNeeds['metrics'], regions = REGIONS): any[] {
  const stack = new Stack(new App(), 'S', { env: { region: 'us-east-1' } });
  new AuthorizerDashboard(stack, 'D', { dashboardName: 'd', functionName: 'guard', distributionId: 'E1', metrics, regions });
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(dashboard?.Properties.DashboardBody).widgets;
}

test('the dashboard looks where Lambda@Edge reports: in each Region, under the name of the function in us-east-1', () => {
  const widgets = widgetsOf(null);
  const text = JSON.stringify(widgets);
  for (const metric of ['Invocations', 'Duration', 'Errors', 'Throttles']) {
    assert.match(text, new RegExp(`"AWS/Lambda","${metric}","FunctionName","us-east-1\\.guard"`));
  }
  for (const metric of ['Requests', '4xxErrorRate', '5xxErrorRate']) {
    assert.match(text, new RegExp(`"AWS/CloudFront","${metric}","DistributionId","E1","Region","Global"`));
  }
  const logs = widgets.filter(({ type }: any) => type === 'log').map(({ properties }: any) => properties.region);
  assert.deepEqual(logs, REGIONS);
  assert.match(text, /\/aws\/lambda\/us-east-1\.guard/);
});

test('with metrics the dashboard shows them for each Region, and searches no log', () => {
  const widgets = widgetsOf({ keySets: [{ provider: 'staff', maxAgeSeconds: 3600 }, { provider: 'partner', maxAgeSeconds: 600 }] });
  assert.ok(widgets.every(({ type }) => type === 'metric'));
  const titled = (title: string) => widgets.find(({ properties }) => properties.title === title)?.properties;
  for (const region of REGIONS) {
    const { metrics, region: shown } = titled(`Decisions by code, ${region}`);
    assert.equal(shown, region);
    const [[{ expression, region: searched }]] = metrics;
    assert.equal(searched ?? shown, region);
    assert.match(expression, /^SEARCH\('\{EdgeAuthorizer,FunctionName,Code\} MetricName="Decisions" FunctionName="guard"', 'Sum', 300\)$/);
  }
  const ages = titled('Age of key sets, seconds').metrics.map((metric: any[]) => [...metric.slice(0, -1), metric.at(-1).region ?? 'us-east-1']);
  const expected = ['staff', 'partner'].flatMap((provider) =>
    REGIONS.map((region) => ['EdgeAuthorizer', 'KeySetAge', 'FunctionName', 'guard', 'Provider', provider, region]),
  );
  assert.deepEqual(ages, expected);
  const failures = JSON.stringify(titled('Failures by code, in all these Regions').metrics);
  for (const code of ['keys_unavailable', 'secrets_unavailable', 'internal']) assert.match(failures, new RegExp(`"Code","${code}"`));
});

test('a dashboard has fewer metrics than CloudWatch shows', () => {
  const keySets = Array.from({ length: 30 }, (_, index) => ({ provider: `p${index}`, maxAgeSeconds: 3600 }));
  // "CloudWatch service quotas": 500 for a widget, 2,500 for a dashboard.
  const counts = widgetsOf({ keySets }, ['a', 'b', 'c', 'd', 'e', 'f', 'g']).map(({ properties }) => properties.metrics.length);
  assert.ok(Math.max(...counts) <= 500 && counts.reduce((sum, count) => sum + count) <= 2500, `${counts}`);
});
