// What somebody has to be woken for. An alarm watches metrics of its own Region only, and Lambda@Edge has its metrics where it
// runs: so there are alarms for each such Region, and one for all, on what CloudFront itself counts.

import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import { decisions, FAILURES, keySetAge, lambdaMetric, PERIOD, sumOf } from './metrics.js';
import type { DistributionNeeds } from './needs.js';

/** How many failures within five minutes are no accident. */
const MOST_FAILURES = 5;
/** Percent of all requests. */
const MOST_ERRORS = 1;

export interface RegionAlarmsProps {
  functionName: string;
  /** What the configuration says of metrics; null where it has none, and only Lambda's own are watched. */
  metrics: DistributionNeeds['metrics'];
  /** ARNs of SNS topics; those of the stack's own Region are told. */
  topicArns?: string[];
}

/** Alarms on the function in the Region of the stack. */
export class RegionAlarms extends Construct {
  constructor(scope: Construct, id: string, { functionName, metrics, topicArns }: RegionAlarmsProps) {
    super(scope, id);
    const of = { functionName };
    const alarm = alarmsIn(this, topicArns);
    // The handler answers whatever happens: what Lambda counts as an error is a timeout, or a process that died.
    alarm('FunctionFails', {
      metric: sumOf([lambdaMetric('Errors', 'Sum', of), lambdaMetric('Throttles', 'Sum', of)], 'fails'),
      threshold: MOST_FAILURES,
      alarmDescription: 'Viewers get 503 from CloudFront: the function timed out, died, or may not run more often',
    });
    if (metrics === null) return;
    alarm('Unavailable', {
      metric: sumOf(FAILURES.map((code) => decisions(code, of)), 'unavailable'),
      threshold: MOST_FAILURES,
      alarmDescription: `Viewers get 503 from the function: ${FAILURES.join(', ')}`,
    });
    for (const [index, { provider, maxAgeSeconds }] of metrics.keySets.entries()) {
      alarm(`KeySetAge${index}`, {
        metric: keySetAge(provider, of),
        threshold: maxAgeSeconds,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        alarmDescription: `The keys of ${provider} are old: it cannot be reached, and they are trusted for a while only`,
      });
    }
  }
}

export interface DistributionAlarmProps {
  distributionId: string;
  topicArns?: string[];
}

/** The alarm on what all viewers get, wherever they are. CloudFront has its metrics in us-east-1. */
export class DistributionAlarm extends Construct {
  constructor(scope: Construct, id: string, { distributionId, topicArns }: DistributionAlarmProps) {
    super(scope, id);
    alarmsIn(this, topicArns)('Errors', {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/CloudFront',
        metricName: '5xxErrorRate',
        statistic: 'Average',
        period: PERIOD,
        dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
      }),
      threshold: MOST_ERRORS,
      alarmDescription: 'Percent of all requests that are answered with 5xx, by the function, CloudFront or the origin',
    });
  }
}

/** Two of three periods of five minutes; nothing counted is nothing wrong. */
const STEADY: Partial<cloudwatch.AlarmProps> = {
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

type Alarming = (id: string, props: Pick<cloudwatch.AlarmProps, 'metric' | 'threshold'> & Partial<cloudwatch.AlarmProps>) => void;

function alarmsIn(scope: Construct, topicArns: string[] = []): Alarming {
  const { region } = Stack.of(scope);
  // `arn:aws:sns:eu-central-1:…`; one that a parameter names has its Region from whoever creates the stack.
  const alarmActions = topicArns.filter((arn) => !arn.startsWith('arn:') || arn.split(':')[3] === region);
  return (id, props) => {
    const alarm = new cloudwatch.Alarm(scope, id, { evaluationPeriods: 3, ...STEADY, ...props });
    alarm.addAlarmAction(...alarmActions.map((alarmActionArn) => ({ bind: () => ({ alarmActionArn }) })));
  };
}
