import assert from 'node:assert/strict';
import { test } from 'node:test';

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { DistributionAlarm, RegionAlarms } from '../lib/alarms.js';
import { RegionAlarmsStack } from '../lib/region-alarms-stack.js';
import { templates } from '../lib/templates.js';

const METRICS = { keySets: [{ provider: 'staff', maxAgeSeconds: 600 }] };
const TOPICS = ['arn:aws:sns:us-east-1:111122223333:a', 'arn:aws:sns:eu-central-1:111122223333:b'];

function alarmsOf(make: (stack: Stack) => void, region = 'us-east-1'): any[] {
  const stack = new Stack(new App({ analyticsReporting: false }), 'S', { env: { region } });
  make(stack);
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
}

/** What an alarm watches: metric and dimensions, each in a line. */
function watched({ MetricName, Namespace, Dimensions, Metrics = [] }: any): string[] {
  const stats = Metrics.flatMap(({ MetricStat }: any) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
  const all = MetricName === undefined ? stats : [{ MetricName, Namespace, Dimensions }];
  return all.map((metric: any) => {
    const dimensions = metric.Dimensions.map(({ Name, Value }: any) => `${Name}=${Value}`);
    return [metric.Namespace, metric.MetricName, ...dimensions.sort()].join(' ');
  });
}

test('without metrics Lambda\'s own are watched, under the name that it gives replicas', () => {
  const alarms = alarmsOf((stack) => new RegionAlarms(stack, 'A', { functionName: 'guard', metrics: null }));
  assert.deepEqual(alarms.map(watched), [
    ['AWS/Lambda Errors FunctionName=us-east-1.guard', 'AWS/Lambda Throttles FunctionName=us-east-1.guard'],
  ]);
});

test('with metrics failures by code are watched, and each key set with its own age', () => {
  const [, unavailable, age] = alarmsOf((stack) => new RegionAlarms(stack, 'A', { functionName: 'guard', metrics: METRICS }));
  assert.deepEqual(watched(age), ['EdgeAuthorizer KeySetAge FunctionName=guard Provider=staff']);
  assert.equal(age.Threshold, 600);
  assert.equal(age.ComparisonOperator, 'GreaterThanThreshold');
  const codes = watched(unavailable).map((line) => /^EdgeAuthorizer Decisions Code=(\w+) FunctionName=guard$/.exec(line)?.[1]);
  assert.deepEqual(codes, ['keys_unavailable', 'secrets_unavailable', 'sign_in_unavailable', 'origin_failed', 'internal']);
  const [sum] = unavailable.Metrics.filter(({ Expression }: any) => Expression !== undefined);
  assert.equal(sum.Expression, [0, 1, 2, 3, 4].map((index) => `FILL(unavailable_${index}, 0)`).join(' + '));
});

test('an alarm is steady, and nothing counted is nothing wrong', () => {
  const make = (stack: Stack) => {
    new RegionAlarms(stack, 'A', { functionName: 'guard', metrics: METRICS });
    new DistributionAlarm(stack, 'D', { distributionId: 'E1' });
  };
  const alarms = alarmsOf(make);
  assert.equal(alarms.length, 4);
  for (const { TreatMissingData, EvaluationPeriods, DatapointsToAlarm, AlarmDescription } of alarms) {
    assert.deepEqual([TreatMissingData, EvaluationPeriods, DatapointsToAlarm], ['notBreaching', 3, 2]);
    assert.ok(AlarmDescription.length > 10);
  }
});

test('what CloudFront counts is watched for all Regions at once', () => {
  const [alarm] = alarmsOf((stack) => new DistributionAlarm(stack, 'D', { distributionId: 'E1' }));
  assert.deepEqual(watched(alarm), ['AWS/CloudFront 5xxErrorRate DistributionId=E1 Region=Global']);
});

for (const [region, topic] of [['us-east-1', TOPICS[0]], ['eu-central-1', TOPICS[1]]] as const) {
  test(`alarms in ${region} tell the topics there, since SNS is told only in its own Region`, () => {
    const make = (stack: Stack) => new RegionAlarms(stack, 'A', { functionName: 'g', metrics: METRICS, topicArns: TOPICS });
    for (const { AlarmActions } of alarmsOf(make, region)) assert.deepEqual(AlarmActions, [topic]);
  });
}

test('in another Region no metric is asked for elsewhere: an alarm could not watch it', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new RegionAlarmsStack(app, 'S', { functionName: 'guard', env: { region: 'eu-central-1' } });
  assert.doesNotMatch(JSON.stringify(Template.fromStack(stack)), /us-east-1(?!\.guard)/);
});

test('in the template the topic is a parameter that may be left out', () => {
  const template: any = templates(new App().outdir).get('alarms');
  const { Default } = template.Parameters.TopicArn;
  const alarms: any[] = Object.values(template.Resources).filter(({ Type }: any) => Type === 'AWS::CloudWatch::Alarm');
  assert.equal(Default, 'none');
  assert.equal(alarms.length, 3);
  for (const { Properties } of alarms) {
    assert.deepEqual(Properties.AlarmActions, [{ 'Fn::If': ['HasTopic', { Ref: 'TopicArn' }, { Ref: 'AWS::NoValue' }] }]);
  }
});
