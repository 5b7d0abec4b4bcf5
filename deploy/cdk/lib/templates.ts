// The templates for people without CDK: one for each example, with parameters for the zip; and dashboards for Terraform.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';

import { AuthorizerDashboard } from './dashboard.js';
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

/** What stands in the dashboards for names that only Terraform knows, and what it writes for them in its templates. */
const KNOWN_TO_TERRAFORM = { 'FUNCTION-NAME': '${function_name}', 'DISTRIBUTION-ID': '${distribution_id}' };

/**
 * The dashboard, as templates of Terraform: of the log, and of the metrics, without those of single providers.
 *
 * @param outdir an empty folder, for what CDK writes beside
 */
export function terraformDashboards(outdir: string): Map<string, string> {
  const app = new App({ outdir, analyticsReporting: false });
  const [functionName, distributionId] = Object.keys(KNOWN_TO_TERRAFORM) as [string, string];
  return new Map(
    Object.entries({ log: null, metrics: { keySets: [] } }).map(([name, metrics]) => {
      const stack = new Stack(app, name, { env: { region: 'us-east-1' } });
      const dashboard = new AuthorizerDashboard(stack, 'D', { dashboardName: functionName, functionName, distributionId, metrics });
      const [made] = dashboard.node.findAll().filter((child) => child instanceof CfnDashboard);
      const { widgets }: { widgets: object[] } = JSON.parse(stack.resolve(made?.dashboardBody));
      const lines = widgets.map((widget) => JSON.stringify(widget).replaceAll('${', '$${'));
      const template = `{"widgets": [\n${lines.join(',\n')}\n]}\n`;
      const named = Object.entries(KNOWN_TO_TERRAFORM).reduce((text, [known, written]) => text.replaceAll(known, () => written), template);
      return [`${name}.json.tftpl`, named];
    }),
  );
}
