import { CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { RegionAlarms } from './alarms.js';
import { needsOf, type DistributionNeeds } from './needs.js';
import { topicParameter } from './topic-parameter.js';

export interface RegionAlarmsStackProps extends StackProps {
  /** The path of `authorizer.json`; parameters of the stack say what it would unless given. */
  configuration?: string;
  /** The name of the function in us-east-1; a parameter unless given. */
  functionName?: string;
  /** ARNs of SNS topics that alarms tell; a parameter unless given. */
  topicArns?: string[];
}

/** The alarms on the function in one more Region that runs it. */
export class RegionAlarmsStack extends Stack {
  constructor(scope: Construct, id: string, props: RegionAlarmsStackProps) {
    super(scope, id, props);
    const { configuration, functionName = this.#askFor('FunctionName', 'The name of the function in us-east-1') } = props;
    const metrics = configuration === undefined ? this.#metrics() : needsOf(configuration).metrics;
    new RegionAlarms(this, 'Alarms', { functionName, metrics, topicArns: props.topicArns ?? topicParameter(this) });
  }

  #metrics(): DistributionNeeds['metrics'] {
    const provider = this.#askFor('Provider', 'The provider in authorizer.json whose keys are watched');
    const maxAge = new CfnParameter(this, 'JwksMaxAgeSeconds', {
      type: 'Number',
      description: 'Its jwksMaxAgeSeconds',
      default: 3600,
      minValue: 60,
      maxValue: 86_400,
    });
    return { keySets: [{ provider, maxAgeSeconds: maxAge.valueAsNumber }] };
  }

  #askFor(name: string, description: string): string {
    return new CfnParameter(this, name, { description, minLength: 1 }).valueAsString;
  }
}
