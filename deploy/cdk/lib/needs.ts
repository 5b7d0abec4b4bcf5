// What a configuration needs of its distribution, as `edge-authorizer needs` says: the same for every way to deploy.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { DistributionNeeds } from '../../../www-shim/cli/types.d.ts';

export type { DistributionNeeds };

const COMMAND = fileURLToPath(new URL('../../../www-shim/cli.mjs', import.meta.url));

/**
 * Checks a configuration, and reads from it what its distribution has to be like.
 *
 * @throws {Error} that says what is wrong with the configuration, and where
 */
export function needsOf(configuration: string): DistributionNeeds {
  const arguments_ = [COMMAND, 'needs', '--config', configuration];
  const { status, stdout, stderr } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`\`${configuration}\` cannot be deployed:\n${stderr}`);
  return JSON.parse(stdout) as DistributionNeeds;
}
