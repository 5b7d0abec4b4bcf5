// What a person on call looks at first: what viewers are answered, and how the function does in each Region.

import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import { decisions, decisionsByCode, decisionTime, FAILURES, keySetAge, lambdaMetric, PERIOD, sumOf } from './metrics.js';
import type { DistributionNeeds } from './needs.js';

/** Regions with a regional edge cache and most of the world's viewers behind them: Lambda@Edge runs in such. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'us-west-2', 'eu-west-2', 'ap-southeast-1', 'sa-east-1'];
/** A query reads the log of one Region, and a search finds the metrics of one. */
const REGIONS_BY_CODE = 3;

export interface AuthorizerDashboardProps {
  dashboardName: string;
  functionName: string;
  distributionId: string;
  /** What the configuration says of metrics; null where it has none: the log is searched instead. */
  metrics: DistributionNeeds['metrics'];
  regions?: string[];
}

export class AuthorizerDashboard extends Construct {
  constructor(scope: Construct, id: string, props: AuthorizerDashboardProps) {
    super(scope, id);
    const { dashboardName, functionName, distributionId, metrics, regions = REGIONS } = props;
    const inEach = (metric: (where: { functionName: string; region: string; label: string }) => cloudwatch.Metric) =>
      regions.map((region) => metric({ functionName, region, label: region }));
    const ofFunction = (name: string, statistic: string) => inEach((where) => lambdaMetric(name, statistic, where));

    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { dashboardName });
    dashboard.addWidgets(
      graph('Requests', [ofDistribution(distributionId, 'Requests', 'all', 'Sum')]),
      graph('Refused and failed, percent', [
        ofDistribution(distributionId, '4xxErrorRate', '4xx'),
        ofDistribution(distributionId, '5xxErrorRate', '5xx'),
      ]),
    );
    dashboard.addWidgets(
      graph('Decisions by Region', ofFunction('Invocations', 'Sum')),
      graph('Milliseconds of the function, 99th percentile', ofFunction('Duration', 'p99')),
    );
    dashboard.addWidgets(
      graph('Exceptions and timeouts', ofFunction('Errors', 'Sum')),
      graph('Throttled', ofFunction('Throttles', 'Sum')),
    );
    const byCode = regions.slice(0, REGIONS_BY_CODE);
    if (metrics === null) {
      dashboard.addWidgets(...byCode.map((region) => loggedDecisions(functionName, region)));
      return;
    }
    dashboard.addWidgets(...byCode.map((region) => countedDecisions(functionName, region)));
    const failures = FAILURES.map((code) => sumOf(inEach((where) => decisions(code, where)), code));
    dashboard.addWidgets(
      graph('Failures by code, in all these Regions', failures),
      graph('Microseconds for a decision, 99th percentile', inEach((where) => decisionTime('p99', where))),
    );
    const ages = metrics.keySets.flatMap(({ provider }) =>
      regions.map((region) => keySetAge(provider, { functionName, region, label: `${provider}, ${region}` })),
    );
    if (ages.length > 0) dashboard.addWidgets(graph('Age of key sets, seconds', ages, 24));
  }
}

function ofDistribution(distributionId: string, metricName: string, label: string, statistic = 'Average'): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    label,
    statistic,
    period: PERIOD,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    region: 'us-east-1',
  });
}

/** At `logLevel` `info` the log has every refusal, at `debug` every decision. */
function loggedDecisions(functionName: string, region: string): cloudwatch.LogQueryWidget {
  return new cloudwatch.LogQueryWidget({
    title: `Logged decisions by code, ${region}`,
    logGroupNames: [`/aws/lambda/us-east-1.${functionName}`],
    queryLines: ["filter message = 'decision'", 'stats count(*) as decisions by code', 'sort decisions desc'],
    region,
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    width: 24 / REGIONS_BY_CODE,
  });
}

function countedDecisions(functionName: string, region: string): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title: `Decisions by code, ${region}`,
    left: [decisionsByCode(functionName, region)],
    width: 24 / REGIONS_BY_CODE,
    region,
    stacked: true,
    leftYAxis: { min: 0 },
  });
}

function graph(title: string, left: cloudwatch.IMetric[], width = 12): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width, region: 'us-east-1', leftYAxis: { min: 0 } });
}
