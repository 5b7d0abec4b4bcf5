// The Lambda@Edge function: its role, what the role may do, and the numbered version that a distribution calls.

import { Aws, RemovalPolicy, Token, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { Bundle } from './bundle.js';
import type { DistributionNeeds } from './needs.js';

// "Quotas on Lambda@Edge": memory as in "Lambda quotas", and 30 seconds, at every event. Until 2023 viewer events had 128 MB and
// 5 seconds, and accounts still assume it. The function itself waits 4 seconds for a provider.
const MEMORY_MEGABYTES = { usual: 128, least: 128, most: 10_240 };
const TIMEOUT_SECONDS = { usual: 5, least: 5, most: 30 };
const RUNTIME = lambda.Runtime.NODEJS_24_X;

export interface EdgeFunctionProps {
  bundle: Bundle;
  needs: DistributionNeeds;
  functionName: string;
  memorySize?: number;
  timeoutSeconds?: number;
  /** What `forward.sign` signs for, where the configuration does not say: ARNs of objects, APIs or data stores. */
  originArns?: string[];
}

export class EdgeFunction extends Construct {
  readonly role: iam.Role;
  readonly function: lambda.Function;
  readonly version: lambda.Version;

  constructor(scope: Construct, id: string, props: EdgeFunctionProps) {
    super(scope, id);
    assertRegion(Stack.of(this));
    const { bundle, needs, functionName, originArns = [] } = props;
    const { memorySize = MEMORY_MEGABYTES.usual, timeoutSeconds = TIMEOUT_SECONDS.usual } = props;
    assertWithin('memorySize', memorySize, MEMORY_MEGABYTES);
    assertWithin('timeoutSeconds', timeoutSeconds, TIMEOUT_SECONDS);

    this.role = this.#makeRole(functionName);
    for (const { actions, resources } of needs.permissions) {
      const of = resources ?? originArns;
      // A bucket that is made with the distribution lets the role in by itself.
      if (of.length === 0 && needs.originRequest?.service === 's3') continue;
      if (of.length === 0) throw new Error(`the role needs ${actions.join(', ')}: \`originArns\` has to say on what`);
      this.role.addToPolicy(new iam.PolicyStatement({ actions, resources: of }));
    }
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: 'Authorizes viewer requests at the edge',
      code: bundle.code,
      handler: 'index.handler',
      runtime: RUNTIME,
      architecture: lambda.Architecture.X86_64,
      memorySize,
      timeout: Duration.seconds(timeoutSeconds),
      // By its ARN: of a role itself CDK makes a dependency that the reference already is.
      role: iam.Role.fromRoleArn(this, 'Assumed', this.role.roleArn, { mutable: false }),
    });
    // Not before it may write its log. `DefaultPolicy` is what `addToPolicy` fills.
    this.function.node.addDependency(this.role.node.findChild('DefaultPolicy'));
    // Versions never change: each change below is a new one. Replicas hold the old ones for hours.
    this.version = new lambda.Version(this, 'Version', {
      lambda: this.function,
      codeSha256: bundle.sha256,
      description: `${RUNTIME.name}, ${memorySize} MB, ${timeoutSeconds} s`,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #makeRole(functionName: string): iam.Role {
    // "Set up IAM permissions and roles for Lambda@Edge": both services have to be able to assume it.
    const role = new iam.Role(this, 'Role', {
      description: 'Edge authorizer: writes its log, and what the configuration needs',
      assumedBy: new iam.CompositePrincipal(
        new iam.ServicePrincipal('lambda.amazonaws.com'),
        new iam.ServicePrincipal('edgelambda.amazonaws.com'),
      ),
    });
    // The log is in the Region that ran the function, under a name that begins with the function's own Region.
    const group = `arn:${Aws.PARTITION}:logs:*:${Aws.ACCOUNT_ID}:log-group:/aws/lambda/us-east-1.${functionName}`;
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [group, `${group}:*`],
      }),
    );
    return role;
  }
}

/** "Restrictions on Lambda@Edge": the function has to be in us-east-1. */
function assertRegion({ region }: Stack): void {
  if (!Token.isUnresolved(region) && region !== 'us-east-1') {
    throw new Error(`the stack is for \`${region}\`: Lambda@Edge functions live in us-east-1`);
  }
}

function assertWithin(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`\`${name}\` is ${value}: Lambda@Edge allows whole numbers from ${least} to ${most}`);
  }
}
