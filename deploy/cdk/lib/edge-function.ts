// The Lambda@Edge function: its role, what the role may do, and the numbered version that a distribution calls.

import { Aws, RemovalPolicy, Token, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { Bundle } from './bundle.js';
import type { DistributionNeeds } from './needs.js';

// "Quotas on Lambda@Edge" until 2023 had 128 MB and 5 seconds for viewer events, and accounts still assume it.
const MEMORY_MEGABYTES = 128;
const TIMEOUT_SECONDS = 5;
const RUNTIME = lambda.Runtime.NODEJS_24_X;

export interface EdgeFunctionProps {
  bundle: Bundle;
  needs: DistributionNeeds;
  functionName: string;
  memorySize?: number;
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
    const { bundle, needs, functionName, memorySize = MEMORY_MEGABYTES, originArns = [] } = props;

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
      timeout: Duration.seconds(TIMEOUT_SECONDS),
      // By its ARN: of a role itself CDK makes a dependency that the reference already is.
      role: iam.Role.fromRoleArn(this, 'Assumed', this.role.roleArn, { mutable: false }),
    });
    // Not before it may write its log. `DefaultPolicy` is what `addToPolicy` fills.
    this.function.node.addDependency(this.role.node.findChild('DefaultPolicy'));
    // Versions never change: each change below is a new one. Replicas hold the old ones for hours.
    this.version = new lambda.Version(this, 'Version', {
      lambda: this.function,
      codeSha256: bundle.sha256,
      description: `${RUNTIME.name}, ${memorySize} MB`,
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
