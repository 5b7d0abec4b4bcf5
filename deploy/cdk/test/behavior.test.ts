import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Match, type Template } from 'aws-cdk-lib/assertions';

import { distributionFor } from './support.js';

function cacheKey(template: Template): any {
  const [policy] = Object.values(template.findResources('AWS::CloudFront::CachePolicy'));
  return policy?.Properties.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin;
}

function defaultBehavior(template: Template): any {
  const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  return distribution?.Properties.DistributionConfig.DefaultCacheBehavior;
}

test('threat 43: query parameters with tokens are out of the cache key, all others are in it', () => {
  const { template } = distributionFor({ cacheKey: { headers: [], cookies: [], queryStringsExcept: ['jwt', 'token'] } });
  const { QueryStringsConfig } = cacheKey(template);
  const QueryStrings = ['jwt', 'token', ...S3_RESPONSE_OVERRIDES];
  assert.deepEqual(QueryStringsConfig, { QueryStringBehavior: 'allExcept', QueryStrings });
});

/** With these a viewer would say what kind of file S3 serves: an uploaded picture as a page. */
const S3_RESPONSE_OVERRIDES = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];

test('threat 39: viewers have no say in what kind of file S3 serves', () => {
  const QueryStrings = S3_RESPONSE_OVERRIDES;
  assert.deepEqual(cacheKey(distributionFor({}).template).QueryStringsConfig, {
    QueryStringBehavior: 'allExcept',
    QueryStrings,
  });
});

test('where all of the query goes to the origin, all of it is in the cache key', () => {
  const { template } = distributionFor({ forwardsWholeQuery: true });
  assert.deepEqual(cacheKey(template).QueryStringsConfig, { QueryStringBehavior: 'all' });
});

test('headers and cookies are in the cache key where they are needed, and only then', () => {
  const { HeadersConfig, CookiesConfig } = cacheKey(distributionFor({}).template);
  assert.deepEqual([HeadersConfig, CookiesConfig], [{ HeaderBehavior: 'none' }, { CookieBehavior: 'none' }]);
  const needed = cacheKey(
    distributionFor({ cacheKey: { headers: ['x-user'], cookies: ['session'], queryStringsExcept: [] } }).template,
  );
  assert.deepEqual(needed.HeadersConfig, { HeaderBehavior: 'whitelist', Headers: ['x-user'] });
  assert.deepEqual(needed.CookiesConfig, { CookieBehavior: 'whitelist', Cookies: ['session'] });
});

test('threat 45: the function is called at viewer-request, by a numbered version', () => {
  const { template } = distributionFor({});
  const [[versionId]] = Object.entries(template.findResources('AWS::Lambda::Version')) as [[string, unknown]];
  const [association, ...others] = defaultBehavior(template).LambdaFunctionAssociations;
  assert.deepEqual(association, { EventType: 'viewer-request', LambdaFunctionARN: { Ref: versionId } });
  assert.deepEqual(others, []);
});

test('where requests are signed it is called at origin-request, too, and the origin gets the whole query', () => {
  const originRequest = { service: 'medical-imaging', region: null, includeBody: true, generatesFrames: false };
  const { template } = distributionFor({ originRequest, forwardsWholeQuery: true });
  const { LambdaFunctionAssociations: associations, OriginRequestPolicyId } = defaultBehavior(template);
  assert.deepEqual(
    associations.map((association: any) => [association.EventType, association.IncludeBody]),
    [
      ['viewer-request', undefined],
      ['origin-request', true],
    ],
  );
  assert.ok(OriginRequestPolicyId);
  template.hasResourceProperties('AWS::CloudFront::OriginRequestPolicy', {
    OriginRequestPolicyConfig: {
      QueryStringsConfig: { QueryStringBehavior: 'all' },
      CookiesConfig: { CookieBehavior: 'none' },
    },
  });
});

test('methods are those of the rules', () => {
  assert.deepEqual(defaultBehavior(distributionFor({}).template).AllowedMethods, ['GET', 'HEAD']);
  const all = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
  const { AllowedMethods, CachedMethods } = defaultBehavior(distributionFor({ allowedMethods: all }).template);
  assert.deepEqual([AllowedMethods, CachedMethods], [all, ['GET', 'HEAD']]);
});

test('scripts of other origins read what `cors` names, and nothing without it', () => {
  const policy = 'AWS::CloudFront::ResponseHeadersPolicy';
  const config = (cors: object) => ({ ResponseHeadersPolicyConfig: Match.objectLike(cors) });
  distributionFor({}).template.hasResourceProperties(policy, config({ CorsConfig: Match.absent() }));
  const cors = {
    allowOrigins: ['https://app.example'],
    allowMethods: ['GET'],
    allowHeaders: ['authorization'],
    exposeHeaders: ['www-authenticate'],
    allowCredentials: true,
    maxAgeSeconds: 600,
  };
  distributionFor({ cors }).template.hasResourceProperties(
    policy,
    config({
      CorsConfig: {
        AccessControlAllowCredentials: true,
        AccessControlAllowHeaders: { Items: ['authorization'] },
        AccessControlAllowMethods: { Items: ['GET'] },
        AccessControlAllowOrigins: { Items: ['https://app.example'] },
        AccessControlExposeHeaders: { Items: ['www-authenticate'] },
        AccessControlMaxAgeSec: 600,
        OriginOverride: true,
      },
    }),
  );
});
