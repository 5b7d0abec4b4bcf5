import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Match, type Template } from 'aws-cdk-lib/assertions';

import { RECORD_FIELDS } from '../lib/access-logs.js';
import { distributionFor } from './support.js';

function configOf(template: Template): any {
  const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  return distribution?.Properties.DistributionConfig;
}

const BUCKET_POLICY = 'AWS::S3::BucketPolicy';

test('every bucket is private, encrypted, and asks for TLS', () => {
  const { template } = distributionFor({});
  template.resourceCountIs('AWS::S3::Bucket', 2);
  template.allResourcesProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  const refusesHttp = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  template.allResourcesProperties(BUCKET_POLICY, {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refusesHttp)]) },
  });
});

test('threat 44: the bucket lets in this distribution by origin access control, and no other', () => {
  const { template } = distributionFor({});
  template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
  });
  assert.ok(configOf(template).Origins[0].OriginAccessControlId);
  template.hasResourceProperties(BUCKET_POLICY, {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 's3:GetObject',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('what the function signs for S3 it may do with its own role, and nothing else', () => {
  const originRequest = { service: 's3', region: null, includeBody: false, generatesFrames: false };
  for (const actions of [['s3:GetObject'], ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']]) {
    const { template } = distributionFor({ originRequest, permissions: [{ actions, resources: null }] });
    template.resourceCountIs('AWS::CloudFront::OriginAccessControl', 0);
    assert.equal(configOf(template).Origins[0].CustomOriginConfig.OriginProtocolPolicy, 'https-only');
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }: any) => Properties.PolicyDocument.Statement);
    const ofS3 = statements.flatMap(({ Action }) => Action).filter((action: string) => action.startsWith('s3:'));
    assert.deepEqual(ofS3, [...actions, 's3:ListBucket']);
  }
});

for (const [generatesFrames, host] of [
  [true, 'runtime-medical-imaging.eu-west-1.amazonaws.com'],
  [false, 'dicom-medical-imaging.eu-west-1.amazonaws.com'],
] as const) {
  test(`image frames come from ${host}`, () => {
    const originRequest = { service: 'medical-imaging', region: 'eu-west-1', includeBody: false, generatesFrames };
    const { template } = distributionFor({ originRequest });
    assert.equal(configOf(template).Origins[0].DomainName, host);
  });
}

test('a service whose hosts the configuration does not tell needs one', () => {
  const originRequest = { service: 'execute-api', region: null, includeBody: false, generatesFrames: false };
  assert.throws(() => distributionFor({ originRequest }), /`originDomainName`/);
  const { template } = distributionFor({ originRequest }, { originDomainName: 'api.example' });
  assert.equal(configOf(template).Origins[0].DomainName, 'api.example');
});

test('signed cookies open their paths by a key group, without the function', () => {
  const signedCookies = [{ keyPairId: 'K2EXAMPLE', paths: ['/live/*'] }];
  const { template } = distributionFor({ signedCookies });
  template.hasResourceProperties('AWS::CloudFront::KeyGroup', { KeyGroupConfig: { Items: ['K2EXAMPLE'] } });
  const { CacheBehaviors, DefaultCacheBehavior } = configOf(template);
  assert.equal(CacheBehaviors.length, 1);
  assert.equal(CacheBehaviors[0].PathPattern, '/live/*');
  assert.equal(CacheBehaviors[0].TrustedKeyGroups.length, 1);
  assert.deepEqual(CacheBehaviors[0].LambdaFunctionAssociations, []);
  assert.equal(DefaultCacheBehavior.TrustedKeyGroups, undefined);
});

test('while key pairs are changed, cookies of both open the paths', () => {
  const signedCookies = [{ keyPairId: 'K2EXAMPLE', paths: ['/live/*'] }];
  const { template } = distributionFor({ signedCookies }, { furtherKeyPairIds: ['K1EXAMPLE', 'K2EXAMPLE'] });
  template.hasResourceProperties('AWS::CloudFront::KeyGroup', { KeyGroupConfig: { Items: ['K2EXAMPLE', 'K1EXAMPLE'] } });
});

test('where the function hands out cookies, it is called, although the cookies open a pattern that is as wide', () => {
  const signedCookies = [{ keyPairId: 'K2EXAMPLE', paths: ['/*/*'] }];
  const { CacheBehaviors } = configOf(distributionFor({ signedCookies, answersAt: ['/public/*/stream-auth'] }).template);
  const patterns = CacheBehaviors.map(({ PathPattern, LambdaFunctionAssociations: { length } }: any) => [PathPattern, length]);
  assert.deepEqual(patterns, [
    ['/public/*/stream-auth', 1],
    ['/*/*', 0],
  ]);
});

test('every behavior is guarded: by the function, or by a key group', () => {
  const signedCookies = [{ keyPairId: 'K2EXAMPLE', paths: ['/a/*', '/b/*', '/a/*'] }];
  const { CacheBehaviors, DefaultCacheBehavior } = configOf(distributionFor({ signedCookies }).template);
  const all = [DefaultCacheBehavior, ...CacheBehaviors];
  assert.equal(all.length, 3);
  for (const { LambdaFunctionAssociations: associations = [], TrustedKeyGroups: groups = [] } of all) {
    assert.ok(associations.some(({ EventType }: any) => EventType === 'viewer-request') || groups.length > 0);
  }
});

test('threat 43: access logs have no field that a token may be in', () => {
  const { template } = distributionFor({});
  template.hasResourceProperties('AWS::Logs::Delivery', { RecordFields: RECORD_FIELDS });
  const withTokens = ['cs-uri-query', 'cs(Cookie)', 'cs(Referer)'];
  assert.deepEqual(RECORD_FIELDS.filter((field) => withTokens.includes(field)), []);
  assert.equal(configOf(template).Logging, undefined);
});

test('a web ACL, names and a certificate are taken over', () => {
  const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/c';
  const webAclArn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/w/1';
  const { template } = distributionFor({}, { webAclArn, domainNames: ['images.example'], certificateArn });
  const { WebACLId, Aliases, ViewerCertificate } = configOf(template);
  assert.deepEqual([WebACLId, Aliases], [webAclArn, ['images.example']]);
  assert.equal(ViewerCertificate.AcmCertificateArn, certificateArn);
  assert.equal(ViewerCertificate.MinimumProtocolVersion, 'TLSv1.2_2021');
});
