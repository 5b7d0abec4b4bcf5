// The cache behavior that fits a configuration: methods, cache key, what the origin gets, what scripts may read, and the
// events that call the function.

import { Duration } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import type { DistributionNeeds } from './needs.js';

/** What `addBehavior` of a distribution takes, or its `defaultBehavior`, beside an origin. */
export type GuardedBehavior = Omit<cloudfront.BehaviorOptions, 'origin' | 'edgeLambdas'> & { edgeLambdas: cloudfront.EdgeLambda[] };

export interface GuardedBehaviorProps {
  /** What the names of its policies begin with. */
  name: string;
  needs: DistributionNeeds;
  version: lambda.IVersion;
}

export function guardedBehavior(scope: Construct, { name, needs, version }: GuardedBehaviorProps): GuardedBehavior {
  return {
    allowedMethods: allowedMethodsOf(needs),
    cachedMethods: cloudfront.CachedMethods.CACHE_GET_HEAD,
    cachePolicy: cachePolicyOf(scope, name, needs),
    originRequestPolicy: originRequestPolicyOf(scope, name, needs),
    responseHeadersPolicy: responseHeadersPolicyOf(scope, name, needs),
    viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
    compress: true,
    edgeLambdas: edgeLambdasOf(needs, version),
  };
}

function allowedMethodsOf({ allowedMethods }: DistributionNeeds): cloudfront.AllowedMethods {
  const { ALLOW_GET_HEAD, ALLOW_GET_HEAD_OPTIONS, ALLOW_ALL } = cloudfront.AllowedMethods;
  const sets = [ALLOW_GET_HEAD, ALLOW_GET_HEAD_OPTIONS, ALLOW_ALL];
  return sets.find(({ methods }) => methods.length === allowedMethods.length) ?? ALLOW_ALL;
}

/**
 * What S3 lets a signed request say about its own answer ("GetObject" in the Amazon S3 API Reference). Origin access control
 * signs whatever viewers send: with these an uploaded picture would be served as a page.
 */
const S3_RESPONSE_OVERRIDES = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];

function cachePolicyOf(scope: Construct, name: string, needs: DistributionNeeds): cloudfront.CachePolicy {
  const { headers, cookies, queryStringsExcept } = needs.cacheKey;
  // Where all of the query goes to the origin, none of it may be missing from the cache key.
  const left = needs.forwardsWholeQuery ? queryStringsExcept : [...queryStringsExcept, ...S3_RESPONSE_OVERRIDES];
  const { CacheHeaderBehavior, CacheCookieBehavior, CacheQueryStringBehavior } = cloudfront;
  return new cloudfront.CachePolicy(scope, 'CachePolicy', {
    cachePolicyName: `${name}-cache`,
    comment: 'Edge authorizer: no tokens, and whatever answers differ by',
    headerBehavior: headers.length > 0 ? CacheHeaderBehavior.allowList(...headers) : CacheHeaderBehavior.none(),
    cookieBehavior: cookies.length > 0 ? CacheCookieBehavior.allowList(...cookies) : CacheCookieBehavior.none(),
    queryStringBehavior:
      left.length > 0
        ? CacheQueryStringBehavior.denyList(...left)
        : CacheQueryStringBehavior.all(),
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.days(1),
    maxTtl: Duration.days(365),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  });
}

/** Nothing is needed where the origin gets no more than what is in the cache key. */
function originRequestPolicyOf(
  scope: Construct,
  name: string,
  { forwardsWholeQuery }: DistributionNeeds,
): cloudfront.OriginRequestPolicy | undefined {
  if (!forwardsWholeQuery) return undefined;
  return new cloudfront.OriginRequestPolicy(scope, 'OriginRequestPolicy', {
    originRequestPolicyName: `${name}-origin-request`,
    comment: 'Edge authorizer: the whole query, which is signed',
    headerBehavior: cloudfront.OriginRequestHeaderBehavior.none(),
    cookieBehavior: cloudfront.OriginRequestCookieBehavior.none(),
    queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.all(),
  });
}

function responseHeadersPolicyOf(
  scope: Construct,
  name: string,
  { cors }: DistributionNeeds,
): cloudfront.ResponseHeadersPolicy {
  return new cloudfront.ResponseHeadersPolicy(scope, 'ResponseHeadersPolicy', {
    responseHeadersPolicyName: `${name}-response-headers`,
    comment: 'Edge authorizer: safe defaults, and the origins that `cors` names',
    securityHeadersBehavior: {
      contentTypeOptions: { override: true },
      // URLs with a token in them are nobody else's business.
      referrerPolicy: {
        referrerPolicy: cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
        override: false,
      },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: false },
    },
    corsBehavior: cors === null ? undefined : corsBehaviorOf(cors),
  });
}

function corsBehaviorOf(cors: NonNullable<DistributionNeeds['cors']>): cloudfront.ResponseHeadersCorsBehavior {
  const { maxAgeSeconds } = cors;
  return {
    accessControlAllowOrigins: cors.allowOrigins,
    accessControlAllowMethods: cors.allowMethods,
    accessControlAllowHeaders: cors.allowHeaders,
    accessControlExposeHeaders: cors.exposeHeaders,
    accessControlAllowCredentials: cors.allowCredentials,
    accessControlMaxAge: maxAgeSeconds === undefined ? undefined : Duration.seconds(maxAgeSeconds),
    originOverride: true,
  };
}

function edgeLambdasOf({ originRequest }: DistributionNeeds, functionVersion: lambda.IVersion): cloudfront.EdgeLambda[] {
  // After viewer-request the cache answers: only there is every request seen.
  const decides = { eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST, functionVersion };
  if (originRequest === null) return [decides];
  const { includeBody } = originRequest;
  const signs = { eventType: cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST, functionVersion, includeBody };
  return [decides, signs];
}
