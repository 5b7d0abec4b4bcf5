// A distribution whose every path is guarded, with a private bucket behind it unless there is another origin.

import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import { AccessLogs } from './access-logs.js';
import type { GuardedBehavior } from './behavior.js';
import type { DistributionNeeds } from './needs.js';
import { originOf } from './origin.js';

export interface GuardedDistributionOptions {
  /** Where answers come from; what the configuration signs for, or a private bucket made here, unless given. */
  origin?: cloudfront.IOrigin;
  /** The host of the origin, where the configuration signs for a service whose hosts it does not tell. */
  originDomainName?: string;
  /** The distribution's own names. The certificate, in us-east-1, has to be for all of them. */
  domainNames?: string[];
  certificateArn?: string;
  /** A web ACL of AWS WAF, of scope CLOUDFRONT. */
  webAclArn?: string;
  /** Ids of public keys that signed cookies are checked with as well: of a key that is no longer, or not yet, signed with. */
  furtherKeyPairIds?: string[];
  /** The path patterns that signed cookies open without the function; those of the configuration unless given. */
  signedPaths?: string[];
  /** `true` unless given: one line for each request, without query, cookies and referrer. */
  accessLogs?: boolean;
  /** What is answered at `/`; the rules decide about its path as well. */
  defaultRootObject?: string;
}

interface GuardedDistributionProps extends GuardedDistributionOptions {
  /** What the names of everything here begin with. */
  name: string;
  needs: DistributionNeeds;
  behavior: GuardedBehavior;
  /** The function's. */
  role: iam.Role;
}

export class GuardedDistribution extends Construct {
  readonly distribution: cloudfront.Distribution;
  /** What is behind it, where it was made here. */
  readonly bucket: s3.Bucket | undefined;

  constructor(scope: Construct, id: string, props: GuardedDistributionProps) {
    super(scope, id);
    const { name, needs, behavior, domainNames, certificateArn, webAclArn, defaultRootObject } = props;
    const { origin, bucket } = originOf(this, props);
    this.bucket = bucket;

    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `Guarded by the edge authorizer (${name})`,
      defaultBehavior: { ...behavior, origin },
      additionalBehaviors: this.#signedBehaviors(props, origin),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      domainNames,
      certificate:
        certificateArn === undefined
          ? undefined
          : acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      webAclId: webAclArn,
      defaultRootObject,
    });
    if (needs.authorization === 'off') {
      this.node.addMetadata('aws:cdk:warning', '`authorization` is `off`: every request passes');
    }
    if (props.accessLogs ?? true) new AccessLogs(this, 'AccessLogs', { name, distribution: this.distribution });
  }

  /** What signed cookies open: CloudFront checks them itself, and the function is called only where it signs. */
  #signedBehaviors(
    { name, needs, behavior, signedPaths, furtherKeyPairIds = [] }: GuardedDistributionProps,
    origin: cloudfront.IOrigin,
  ): Record<string, cloudfront.BehaviorOptions> {
    const paths = signedPaths ?? needs.signedCookies.flatMap((signer) => signer.paths);
    const ids = [...new Set([...needs.signedCookies.map(({ keyPairId }) => keyPairId), ...furtherKeyPairIds])];
    if (needs.signedCookies.length === 0 || paths.length === 0) return {};
    const keyGroup = new cloudfront.KeyGroup(this, 'KeyGroup', {
      keyGroupName: `${name}-signed-cookies`,
      comment: 'Edge authorizer: what its signed cookies are checked with',
      items: ids.map((id) => cloudfront.PublicKey.fromPublicKeyId(this, `PublicKey${id}`, id)),
    });
    const edgeLambdas = behavior.edgeLambdas.filter(
      ({ eventType }) => eventType === cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
    );
    const signed: cloudfront.BehaviorOptions = { ...behavior, edgeLambdas, origin, trustedKeyGroups: [keyGroup] };
    // The first pattern that matches decides: who asks for cookies does not have them yet.
    return Object.fromEntries([
      ...needs.answersAt.map((path) => [path, { ...behavior, origin }]),
      ...paths.filter((path) => !needs.answersAt.includes(path)).map((path) => [path, signed]),
    ]);
  }
}
