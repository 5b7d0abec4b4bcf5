import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';

import { guardedBehavior, type GuardedBehavior } from '../lib/behavior.js';
import { EdgeFunction } from '../lib/edge-function.js';
import { GuardedDistribution, type GuardedDistributionOptions } from '../lib/guarded-distribution.js';
import type { DistributionNeeds } from '../lib/needs.js';

/** What a distribution needs that has nothing particular about it. */
export const PLAIN: DistributionNeeds = {
  authorization: 'on',
  allowedMethods: ['GET', 'HEAD'],
  originRequest: null,
  cacheKey: { headers: [], cookies: [], queryStringsExcept: [] },
  forwardsWholeQuery: false,
  cors: null,
  signedCookies: [],
  answersAt: [],
  permissions: [],
  metrics: null,
};

export interface Made {
  stack: Stack;
  behavior: GuardedBehavior;
  guarded: GuardedDistribution;
  template: Template;
}

/** The parts of `EdgeAuthorizer`, with needs that no file has to ask for. */
export function distributionFor(
  changes: Partial<DistributionNeeds>,
  options: GuardedDistributionOptions = {},
  originArns: string[] = [],
): Made {
  const needs = { ...PLAIN, ...changes };
  const stack = new Stack(new App({ analyticsReporting: false }), 'S', { env: { region: 'us-east-1' } });
  const bundle = { code: lambda.Code.fromInline('exports.handler = 1'), sha256: 'A'.repeat(43) };
  const edge = new EdgeFunction(stack, 'Edge', { bundle, needs, functionName: 'guard', originArns });
  const behavior = guardedBehavior(stack, { name: 'guard', needs, version: edge.version });
  const guarded = new GuardedDistribution(stack, 'D', { ...options, name: 'guard', needs, behavior, role: edge.role });
  return { stack, behavior, guarded, template: Template.fromStack(stack) };
}
