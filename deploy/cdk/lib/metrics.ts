// The metrics that the function makes where its configuration has `metrics`, and those that Lambda makes of it. They are in the
// Region that ran it, not in us-east-1, where the function lives.

import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

export const PERIOD = Duration.minutes(5);

const NAMESPACE = 'EdgeAuthorizer';

/** Codes of decisions that are nobody's fault but ours or a provider's: docs/configuration.md, Codes. */
export const FAILURES = ['keys_unavailable', 'secrets_unavailable', 'sign_in_unavailable', 'origin_failed', 'internal'];

/** One of a function, in one Region: the stack's own unless named. */
export interface OfFunction {
  functionName: string;
  region?: string;
  label?: string;
}

/** "Metrics for Lambda@Edge": replicas report under the name of the log group. */
export function lambdaMetric(metricName: string, statistic: string, { functionName, ...where }: OfFunction): cloudwatch.Metric {
  const dimensionsMap = { FunctionName: `us-east-1.${functionName}` };
  return new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic, period: PERIOD, dimensionsMap, ...where });
}

export function decisions(code: string, { functionName, ...where }: OfFunction): cloudwatch.Metric {
  return ownMetric('Decisions', 'Sum', { FunctionName: functionName, Code: code }, where);
}

export function decisionTime(statistic: string, { functionName, ...where }: OfFunction): cloudwatch.Metric {
  return ownMetric('DecisionTime', statistic, { FunctionName: functionName }, where);
}

/** The oldest of all instances. */
export function keySetAge(provider: string, { functionName, ...where }: OfFunction): cloudwatch.Metric {
  return ownMetric('KeySetAge', 'Maximum', { FunctionName: functionName, Provider: provider }, where);
}

/** A line for each code that there was. */
export function decisionsByCode(functionName: string, region: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SEARCH('{${NAMESPACE},FunctionName,Code} MetricName="Decisions" FunctionName="${functionName}"', 'Sum', ${PERIOD.toSeconds()})`,
    label: "${PROP('Dim.Code')}",
    period: PERIOD,
    searchRegion: region,
  });
}

/** The sum of counts, each of which may be missing where nothing was counted. A widget has each label once. */
export function sumOf(metrics: cloudwatch.IMetric[], label: string): cloudwatch.MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`${label}_${index}`, metric]));
  const filled = Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`);
  return new cloudwatch.MathExpression({ expression: filled.join(' + '), usingMetrics, label, period: PERIOD });
}

function ownMetric(
  metricName: string,
  statistic: string,
  dimensionsMap: Record<string, string>,
  where: { region?: string; label?: string },
): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: NAMESPACE, metricName, statistic, period: PERIOD, dimensionsMap, ...where });
}
