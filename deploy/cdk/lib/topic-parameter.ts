import { Aws, CfnCondition, CfnParameter, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const NONE = 'none';

/** A parameter of the stack for the SNS topic that alarms tell; without it they are only seen. */
export function topicParameter(scope: Construct): string[] {
  const { valueAsString } = new CfnParameter(scope, 'TopicArn', {
    description: 'The SNS topic, in the Region of this stack, that alarms tell',
    default: NONE,
  });
  const expression = Fn.conditionNot(Fn.conditionEquals(valueAsString, NONE));
  const isGiven = new CfnCondition(scope, 'HasTopic', { expression });
  return [Fn.conditionIf(isGiven.logicalId, valueAsString, Aws.NO_VALUE).toString()];
}
