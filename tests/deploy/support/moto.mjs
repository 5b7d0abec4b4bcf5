import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../shim/support/free-port.mjs';
import { tool } from './tools.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {{ code: number, stdout: string, stderr: string }} Result */

const SERVER = fileURLToPath(new URL('moto_server.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../../deploy/publish/main.mjs', import.meta.url));

/** moto: a server on this machine that answers the AWS CLI as AWS does, and keeps what it is told until it ends. */
export class Moto {
  #environment;
  /** A folder that is removed when the test ends. */
  folder;

  /**
   * @param {string} url
   * @param {string} folder
   */
  constructor(url, folder) {
    this.folder = folder;
    this.#environment = {
      PATH: [tool('.'), process.env.PATH].join(delimiter),
      // No configuration of whoever runs the tests.
      HOME: folder,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /**
   * @param {TestContext} t
   * @returns {Promise<Moto>}
   */
  static async start(t) {
    const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-moto-'));
    const port = await freePort();
    const server = spawn(tool('python'), [SERVER, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    t.after(() => {
      server.kill();
      rmSync(folder, { recursive: true });
    });
    const url = `http://127.0.0.1:${port}`;
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const isThere = await fetch(`${url}/moto-api/`).then(({ ok }) => ok, () => false);
      if (isThere) return new Moto(url, folder);
      if (server.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error('moto did not start');
  }

  /**
   * Runs the real AWS CLI.
   *
   * @param {...string} args
   * @returns {Promise<any>} what it printed
   */
  async aws(...args) {
    const { code, stdout, stderr } = await this.#run(tool('aws'), [...args, '--region', 'us-east-1', '--output', 'json']);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim() === '' ? {} : JSON.parse(stdout);
  }

  /**
   * What `./build.sh publish` and so on run, without waiting between questions.
   *
   * @param {...string} args
   * @returns {Promise<Result>}
   */
  run(...args) {
    return this.#run(process.execPath, [MAIN, ...args, '--poll-seconds', '0']);
  }

  /** What makes the AWS CLI ask this server. */
  get environment() {
    return { ...this.#environment };
  }

  /** @returns {Promise<string>} the id of a new distribution with two behaviors and a secret header */
  async createDistribution() {
    const behavior = {
      TargetOriginId: 'o',
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    };
    const header = { HeaderName: 'x-origin-secret', HeaderValue: SECRET };
    const origin = {
      Id: 'o',
      DomainName: 'origin.example',
      CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
      CustomHeaders: { Quantity: 1, Items: [header] },
    };
    const config = {
      CallerReference: 'test',
      Comment: '',
      Enabled: true,
      Origins: { Quantity: 1, Items: [origin] },
      DefaultCacheBehavior: behavior,
      CacheBehaviors: { Quantity: 1, Items: [{ PathPattern: '/videos/*', ...behavior }] },
    };
    const file = join(this.folder, 'distribution.json');
    writeFileSync(file, JSON.stringify(config));
    const made = await this.aws('cloudfront', 'create-distribution', '--distribution-config', `file://${file}`);
    return made.Distribution.Id;
  }

  /**
   * @param {string} file
   * @param {string[]} args
   * @returns {Promise<Result>}
   */
  #run(file, args) {
    return new Promise((resolve) => {
      const child = execFile(file, args, { env: this.#environment }, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? 1, stdout, stderr });
      });
    });
  }
}

/** What the distribution of `createDistribution` sends to its origin, and nobody may see. */
export const SECRET = 'known-to-the-origin-only';
