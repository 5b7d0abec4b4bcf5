// The server `s3s-fs`, which the set-up of the tests builds: S3 over a folder, with signatures checked.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SERVER = process.env.EDGE_AUTHORIZER_S3_SERVER ?? '';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-but-a-test' };

export const skip = existsSync(SERVER) ? false : 'there is no S3-compatible server: `./build.sh test` brings it';
export const BUCKET = 'uploads-example';

/** Starts it with one bucket, and makes this process the role that it knows. */
export async function startS3() {
  Object.assign(process.env, CREDENTIALS);
  delete process.env.AWS_SESSION_TOKEN;
  const directory = mkdtempSync(join(tmpdir(), 's3-'));
  const bucket = join(directory, BUCKET);
  mkdirSync(bucket);
  const port = await freePort();
  const keys = ['--access-key', CREDENTIALS.AWS_ACCESS_KEY_ID, '--secret-key', CREDENTIALS.AWS_SECRET_ACCESS_KEY];
  const where = ['--host', '127.0.0.1', '--port', String(port), directory];
  const server = spawn(SERVER, [...keys, ...where], { stdio: ['ignore', 'pipe', 'inherit'], env: { RUST_LOG: 's3s_fs=info' } });
  // It says so when it listens.
  await once(/** @type {import('node:stream').Readable} */ (server.stdout), 'data');
  server.stdout?.resume();
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,

    /** @param {string} key */
    stored(key) {
      const file = join(bucket, key);
      return existsSync(file) ? readFileSync(file) : undefined;
    },

    /** @type {(key: string, content: string) => void} */
    store: (key, content) => writeFileSync(join(bucket, key), content),

    /** @param {string} folder */
    remove: (folder) => rmSync(join(bucket, folder), { recursive: true, force: true }),

    async stop() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}
