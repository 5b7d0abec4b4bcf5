// The templates for people without CDK: one for each example, with parameters for the zip.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { App, DefaultStackSynthesizer } from 'aws-cdk-lib';

import { GuardedSiteStack } from './guarded-site-stack.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

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
  const stacks = [...exampleConfigurations()].map(([name, configuration]): [string, GuardedSiteStack] => {
    // No assets, so nothing of `cdk bootstrap` is needed.
    const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
    const description = `Edge authorizer: the distribution of the example ${name}`;
    const stack = new GuardedSiteStack(app, `edge-authorizer-${name}`, {
      configuration,
      synthesizer,
      description,
      distribution: {},
    });
    return [name, stack];
  });
  const assembly = app.synth();
  return new Map(stacks.map(([name, stack]) => [name, assembly.getStackArtifact(stack.artifactId).template as object]));
}
