import { Aws, CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { DistributionAlarm, RegionAlarms } from './alarms.js';
import { bundleFromParameters } from './bundle.js';
import { AuthorizerDashboard } from './dashboard.js';
import { EdgeAuthorizer } from './edge-authorizer.js';
import type { GuardedDistributionOptions } from './guarded-distribution.js';
import { needsOf, type DistributionNeeds } from './needs.js';
import { hostOf } from './origin.js';
import { topicParameter } from './topic-parameter.js';

export interface GuardedSiteStackProps extends StackProps {
  /** The path of `authorizer.json`. */
  configuration: string;
  /** The path of the zip; parameters of the stack say where it is in Amazon S3 unless given. */
  zip?: string;
  originArns?: string[];
  /** Megabytes and seconds of the function: those of `EdgeAuthorizer`. */
  memorySize?: number;
  timeoutSeconds?: number;
  distribution?: GuardedDistributionOptions;
  /** ARNs of SNS topics that alarms tell. */
  topicArns?: string[];
}

/** Everything for one guarded site: authorizer, distribution, bucket, access logs, dashboard and alarms. */
export class GuardedSiteStack extends Stack {
  readonly authorizer: EdgeAuthorizer;

  constructor(scope: Construct, id: string, props: GuardedSiteStackProps) {
    super(scope, id, props);
    const { configuration, zip, memorySize, timeoutSeconds } = props;
    const { originArns, distribution } = zip === undefined ? this.#askForOrigin(props, needsOf(configuration)) : props;
    // The stack's name is unique in its account; what is named after it can be created twice.
    const name = Aws.STACK_NAME;
    this.authorizer = new EdgeAuthorizer(this, 'Authorizer', {
      configuration,
      zip: zip ?? bundleFromParameters(this),
      name,
      memorySize,
      timeoutSeconds,
      originArns,
      distribution: distribution ?? {},
    });
    const made = this.authorizer.distribution;
    if (made === undefined) throw new Error('there is no distribution');
    const { metrics } = this.authorizer.needs;
    const topicArns = props.topicArns ?? (zip === undefined ? topicParameter(this) : []);
    const { distributionId } = made.distribution;
    new AuthorizerDashboard(this, 'Dashboard', { dashboardName: name, functionName: name, distributionId, metrics });
    new DistributionAlarm(this, 'DistributionAlarm', { distributionId, topicArns });
    new RegionAlarms(this, 'Alarms', { functionName: name, metrics, topicArns });
    new CfnOutput(this, 'Url', { value: `https://${made.distribution.distributionDomainName}` });
    new CfnOutput(this, 'DistributionId', { value: distributionId });
    new CfnOutput(this, 'FunctionVersion', { value: this.authorizer.version.functionArn });
    new CfnOutput(this, 'LogGroup', {
      description: 'In each Region that ran the function',
      value: `/aws/lambda/us-east-1.${name}`,
    });
    if (made.bucket !== undefined) new CfnOutput(this, 'Bucket', { value: made.bucket.bucketName });
  }

  /** Parameters for what neither the configuration nor the properties say of the origin. */
  #askForOrigin({ originArns, distribution = {} }: GuardedSiteStackProps, needs: DistributionNeeds): Partial<GuardedSiteStackProps> {
    const { originRequest } = needs;
    if (originRequest === null || originRequest.service === 's3') return { originArns, distribution };
    const description = `What the authorizer signs for with its role (${originRequest.service})`;
    const askForArns = () => new CfnParameter(this, 'OriginArns', { type: 'CommaDelimitedList', description }).valueAsList;
    const askForHost = () => new CfnParameter(this, 'OriginDomainName', { description: 'The host of the origin' }).valueAsString;
    const isHostKnown = distribution.origin !== undefined || hostOf(originRequest) !== undefined;
    return {
      originArns: originArns ?? askForArns(),
      distribution: isHostKnown ? distribution : { originDomainName: askForHost(), ...distribution },
    };
  }
}
