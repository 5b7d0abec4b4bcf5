import assert from 'node:assert/strict';
import { test } from 'node:test';

import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';

import { EdgeFunction } from '../lib/edge-function.js';
import { distributionFor, PLAIN } from './support.js';

test('both services may assume the role, and no other', () => {
  const { template } = distributionFor({});
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const principals = role?.Properties.AssumeRolePolicyDocument.Statement.map((s: any) => s.Principal.Service);
  assert.deepEqual(principals.sort(), ['edgelambda.amazonaws.com', 'lambda.amazonaws.com']);
});

test('the role may write its own log in every Region, and nothing else unless it is needed', () => {
  const { template } = distributionFor({});
  const [policy, ...others] = Object.values(template.findResources('AWS::IAM::Policy'));
  assert.deepEqual(others, []);
  const [statement, ...further] = policy?.Properties.PolicyDocument.Statement;
  assert.deepEqual(further, []);
  assert.match(JSON.stringify(statement.Resource), /:logs:\*:.*log-group:\/aws\/lambda\/us-east-1\.guard/);
});

test('what the configuration needs is allowed: of what it names, or of what is named beside it', () => {
  const permissions = [
    { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::uploads/avatars/*'] },
    { actions: ['execute-api:Invoke'], resources: null },
  ];
  const api = 'arn:aws:execute-api:us-east-1:123456789012:a/*';
  const { template } = distributionFor({ permissions }, {}, [api]);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::uploads/avatars/*' },
        { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: api },
      ]),
    },
  });
});

test('the function stays within what Lambda@Edge always allowed, and has nothing that it forbids', () => {
  distributionFor({}).template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'index.handler',
    MemorySize: 128,
    Timeout: 5,
    Architectures: ['x86_64'],
    Environment: Match.absent(),
    Layers: Match.absent(),
    VpcConfig: Match.absent(),
  });
});

test('more memory and time are had by naming them, within what Lambda@Edge allows', () => {
  const make = (sizes: { memorySize?: number; timeoutSeconds?: number }) => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'S', { env: { region: 'us-east-1' } });
    const bundle = { code: lambda.Code.fromInline('exports.handler = 1'), sha256: 'A'.repeat(43) };
    new EdgeFunction(stack, 'Edge', { bundle, needs: PLAIN, functionName: 'guard', ...sizes });
    return Template.fromStack(stack);
  };
  const template = make({ memorySize: 256, timeoutSeconds: 10 });
  template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 256, Timeout: 10 });
  // A version is made anew only where something of it changes.
  template.hasResourceProperties('AWS::Lambda::Version', { Description: 'nodejs24.x, 256 MB, 10 s' });
  for (const memorySize of [127, 10_241, 128.5, NaN]) assert.throws(() => make({ memorySize }), /`memorySize` is .*from 128 to 10240/);
  for (const timeoutSeconds of [4, 31]) assert.throws(() => make({ timeoutSeconds }), /`timeoutSeconds` is .*from 5 to 30/);
});

test('another zip is another version, and old versions stay', () => {
  const { template } = distributionFor({});
  template.hasResource('AWS::Lambda::Version', {
    Properties: { CodeSha256: 'A'.repeat(43) },
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
});

test('a stack in another Region is refused', () => {
  const stack = new Stack(new App(), 'S', { env: { region: 'eu-central-1' } });
  const bundle = { code: null as never, sha256: '' };
  const make = () => new EdgeFunction(stack, 'E', { bundle, needs: PLAIN, functionName: 'guard' });
  assert.throws(make, /`eu-central-1`: Lambda@Edge functions live in us-east-1/);
});

test('a role is not left without what it needs', () => {
  const permissions = [{ actions: ['execute-api:Invoke'], resources: null }];
  assert.throws(() => distributionFor({ permissions }), /execute-api:Invoke: `originArns` has to say on what/);
});
