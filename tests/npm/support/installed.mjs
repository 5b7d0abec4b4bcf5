import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/**
 * The package as a user has it: its tarball, installed in an empty folder, with nothing else there and no network.
 *
 * @returns {string} the folder
 * @throws {Error} where no tarball is named, so that no test passes for want of it
 */
export function installedPackage() {
  const tarball = process.env.EDGE_AUTHORIZER_TARBALL;
  if (!tarball) {
    throw new Error('EDGE_AUTHORIZER_TARBALL names no tarball; `./build.sh test` sets it');
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'edge-authorizer-npm-')));
  after(() => rmSync(folder, { recursive: true }));
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(folder, '.cache')];
  execFileSync('npm', ['install', ...options, tarball], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}
