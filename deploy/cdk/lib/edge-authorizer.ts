import { Names } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { guardedBehavior, type GuardedBehavior } from './behavior.js';
import { bundleFromZip, type Bundle } from './bundle.js';
import { EdgeFunction } from './edge-function.js';
import { GuardedDistribution, type GuardedDistributionOptions } from './guarded-distribution.js';
import { needsOf, type DistributionNeeds } from './needs.js';

export interface EdgeAuthorizerProps {
  /** The path of `authorizer.json`. All that follows from it is read from it. */
  configuration: string;
  /** The path of the zip that `./build.sh build --config` made with it, or where it will be in Amazon S3. */
  zip: string | Bundle;
  /** The name of the function, and what other names begin with; made of the place in the app unless given. */
  name?: string;
  /**
   * Megabytes, 128 to 10,240; 128 unless given. A CPU share goes with it, so that twice as much decides twice as fast. More is
   * for accounts that have today's quotas at viewer-request.
   */
  memorySize?: number;
  /** Seconds, 5 to 30; 5 unless given. */
  timeoutSeconds?: number;
  /** ARNs of what `forward.sign` signs for, where that is not the bucket made here. */
  originArns?: string[];
  /**
   * Makes a distribution as well. Left out, `behavior` is for one that there is:
   * `distribution.addBehavior('/private/*', origin, authorizer.behavior)`.
   */
  distribution?: GuardedDistributionOptions;
}

/**
 * The authorizer as a Lambda@Edge function, with the cache behavior that fits its configuration, and a distribution that
 * has it where one is asked for. The stack has to be in us-east-1.
 */
export class EdgeAuthorizer extends Construct {
  readonly needs: DistributionNeeds;
  readonly function: lambda.Function;
  /** The numbered version that the behavior calls. */
  readonly version: lambda.Version;
  /** For permissions that the configuration does not tell of. */
  readonly role: iam.Role;
  /** Everything of a cache behavior but its origin. */
  readonly behavior: GuardedBehavior;
  readonly distribution?: GuardedDistribution;

  constructor(scope: Construct, id: string, props: EdgeAuthorizerProps) {
    super(scope, id);
    const { configuration, zip, memorySize, timeoutSeconds, originArns } = props;
    this.needs = needsOf(configuration);
    const name = props.name ?? Names.uniqueResourceName(this, { maxLength: 45, separator: '-' });
    const edge = new EdgeFunction(this, 'Edge', {
      bundle: typeof zip === 'string' ? bundleFromZip(zip, configuration) : zip,
      needs: this.needs,
      functionName: name,
      memorySize,
      timeoutSeconds,
      originArns,
    });
    this.function = edge.function;
    this.version = edge.version;
    this.role = edge.role;
    this.behavior = guardedBehavior(this, { name, needs: this.needs, version: this.version });
    if (props.distribution !== undefined) {
      this.distribution = new GuardedDistribution(this, 'Distribution', {
        ...props.distribution,
        name,
        needs: this.needs,
        behavior: this.behavior,
        role: this.role,
      });
    }
  }
}
