// The templates for people without CDK: one for each example, with parameters for the zip.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { App, DefaultStackSynthesizer, type Stack } from 'aws-cdk-lib';

import { GuardedSiteStack } from './guarded-site-stack.js';
import { RegionAlarmsStack } from './region-alarms-stack.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** The template that is no example's. */
const ALARMS = 'alarms';

/** Examples with a configuration of their own, by name. */
export function exampleConfigurations(): Map<string, string> {
  const found = readdirSync(EXAMPLES)
    .sort()
    .map((name): [string, string] => [name, join(EXAMPLES, name, 'authorizer.json')]);
  return new Map(found.filter(([, configuration]) => existsSync(configuration)));
}

/** @param outdir an empty folder, for what CDK writes beside */
export function templates(outdir: string): Map<string, object> {
  const app = new App({ outdir, analyticsReporting: false });
  // No assets, so nothing of `cdk bootstrap` is needed.
  const plain = () => new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
  const stacks = [...exampleConfigurations()].map(([name, configuration]): [string, Stack] => {
    const description = `Edge authorizer: the distribution of the example ${name}`;
    const props = { configuration, description, distribution: {}, synthesizer: plain() };
    return [name, new GuardedSiteStack(app, `edge-authorizer-${name}`, props)];
  });
  const description = 'Edge authorizer: alarms in one more Region that runs the function';
  stacks.push([ALARMS, new RegionAlarmsStack(app, 'edge-authorizer-alarms', { description, synthesizer: plain() })]);
  const assembly = app.synth();
  return new Map(stacks.map(([name, stack]) => [name, assembly.getStackArtifact(stack.artifactId).template as object]));
}
