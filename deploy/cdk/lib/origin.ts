// What a distribution gets its answers from: a private bucket that only it can read, or what the configuration signs for.

import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { DistributionNeeds } from './needs.js';

export interface OriginProps {
  name: string;
  needs: DistributionNeeds;
  role: iam.Role;
  origin?: cloudfront.IOrigin;
  originDomainName?: string;
}

export interface Origin {
  origin: cloudfront.IOrigin;
  /** Where it was made here. */
  bucket?: s3.Bucket;
}

export function originOf(scope: Construct, props: OriginProps): Origin {
  const { needs, origin, originDomainName } = props;
  if (origin !== undefined) return { origin };
  if (originDomainName !== undefined) return { origin: httpsOrigin(originDomainName) };
  if (needs.originRequest === null) return bucketWithAccessControl(scope, props);
  const { service } = needs.originRequest;
  if (service === 's3') return bucketForSignedRequests(scope, props);
  const host = hostOf(needs.originRequest);
  if (host === undefined) {
    throw new Error(`\`forward.sign\` is for \`${service}\`: \`originDomainName\` has to say which host that is`);
  }
  return { origin: httpsOrigin(host) };
}

/** The host of a service that has one for everybody. */
export function hostOf({ service, region, generatesFrames }: NonNullable<DistributionNeeds['originRequest']>): string | undefined {
  if (service !== 'medical-imaging') return undefined;
  // "AWS HealthImaging endpoints": DICOMweb has hosts of its own.
  const endpoint = generatesFrames ? 'runtime-medical-imaging' : 'dicom-medical-imaging';
  return `${endpoint}.${region ?? Aws.REGION}.amazonaws.com`;
}

/** "Restrict access to an Amazon S3 origin": the bucket's policy lets in this distribution and nobody else. */
function bucketWithAccessControl(scope: Construct, { name }: OriginProps): Origin {
  const bucket = privateBucket(scope);
  const originAccessControl = new cloudfront.S3OriginAccessControl(scope, 'OriginAccessControl', {
    originAccessControlName: `${name}-origin`,
  });
  return { bucket, origin: origins.S3BucketOrigin.withOriginAccessControl(bucket, { originAccessControl }) };
}

/**
 * The function signs with its own role, so the role is who may read: objects, and nothing else that Amazon S3 has of a bucket. To
 * list it is what makes the answer 404 where there is no object, and not 403 ("GetObject" in the Amazon S3 API Reference).
 */
function bucketForSignedRequests(scope: Construct, { needs, role }: OriginProps): Origin {
  const bucket = privateBucket(scope);
  const actions = needs.permissions.flatMap((permission) => (permission.resources === null ? permission.actions : []));
  role.addToPolicy(new iam.PolicyStatement({ actions, resources: [bucket.arnForObjects('*')] }));
  role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
  return { bucket, origin: httpsOrigin(bucket.bucketRegionalDomainName) };
}

function privateBucket(scope: Construct): s3.Bucket {
  return new s3.Bucket(scope, 'Content', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // What is in it is not ours to delete.
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function httpsOrigin(host: string): cloudfront.IOrigin {
  return new origins.HttpOrigin(host, {
    protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
  });
}
