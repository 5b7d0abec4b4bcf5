// What a person on call looks at first: what viewers are answered, and how the function does in each Region.

import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** Regions with a regional edge cache and most of the world's viewers behind them: Lambda@Edge runs in such. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'us-west-2', 'eu-west-2', 'ap-southeast-1', 'sa-east-1'];
/** A query reads the log of one Region. */
const LOG_REGIONS = 3;
const PERIOD = Duration.minutes(5);

export interface AuthorizerDashboardProps {
  dashboardName: string;
  functionName: string;
  distributionId: string;
  regions?: string[];
}

export class AuthorizerDashboard extends Construct {
  constructor(scope: Construct, id: string, props: AuthorizerDashboardProps) {
    super(scope, id);
    const { dashboardName, functionName, distributionId, regions = REGIONS } = props;
    const ofDistribution = (metricName: string, label: string, statistic = 'Average') =>
      new cloudwatch.Metric({
        namespace: 'AWS/CloudFront',
        metricName,
        label,
        statistic,
        period: PERIOD,
        dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
        region: 'us-east-1',
      });
    // "Metrics for Lambda@Edge": replicas report in the Region that ran them, under the name of the log group.
    const ofFunction = (metricName: string, statistic: string) =>
      regions.map(
        (region) =>
          new cloudwatch.Metric({
            namespace: 'AWS/Lambda',
            metricName,
            label: region,
            statistic,
            period: PERIOD,
            dimensionsMap: { FunctionName: `us-east-1.${functionName}` },
            region,
          }),
      );
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { dashboardName });
    dashboard.addWidgets(
      graph('Requests', [ofDistribution('Requests', 'all', 'Sum')]),
      graph('Refused and failed, percent', [ofDistribution('4xxErrorRate', '4xx'), ofDistribution('5xxErrorRate', '5xx')]),
    );
    dashboard.addWidgets(
      graph('Decisions by Region', ofFunction('Invocations', 'Sum')),
      graph('Milliseconds, 99th percentile', ofFunction('Duration', 'p99')),
    );
    dashboard.addWidgets(
      graph('Exceptions and timeouts', ofFunction('Errors', 'Sum')),
      graph('Throttled', ofFunction('Throttles', 'Sum')),
    );
    // At `logLevel` `info` the log has every refusal, at `debug` every decision.
    const queryLines = ["filter message = 'decision'", 'stats count(*) as decisions by code', 'sort decisions desc'];
    dashboard.addWidgets(
      ...regions.slice(0, LOG_REGIONS).map(
        (region) =>
          new cloudwatch.LogQueryWidget({
            title: `Logged decisions by code, ${region}`,
            logGroupNames: [`/aws/lambda/us-east-1.${functionName}`],
            queryLines,
            region,
            view: cloudwatch.LogQueryVisualizationType.TABLE,
            width: 24 / LOG_REGIONS,
          }),
      ),
    );
  }
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 12, region: 'us-east-1', leftYAxis: { min: 0 } });
}
