// The AWS CLI, one command after the other. What a command takes as a document goes by way of a file that only its owner can
// read: command lines are seen by everybody on the machine, and a distribution's configuration may hold secret headers.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// "Restrictions on Lambda@Edge": the function has to be in us-east-1. CloudFront and IAM are everywhere, and there, too.
const IN_REGION = ['--region', 'us-east-1'];

/** An error that the AWS CLI tells of. `code` is that of the service: `NoSuchEntity`, say. */
export class AwsError extends Error {
  /**
   * @param {string} command
   * @param {string} stderr
   */
  constructor(command, stderr) {
    const text = stderr.trim();
    super(`\`${command}\`: ${text === '' ? 'failed without a word' : text}`);
    this.code = /An error occurred \((\w+)\)/.exec(text)?.[1];
  }
}

/** An argument that is a document, and what stands for it where commands are shown. */
export class Document {
  /**
   * @param {unknown} content
   * @param {string} name
   */
  constructor(content, name) {
    this.content = content;
    this.name = name;
  }
}

/** @typedef {(string | Document)[]} Arguments */

/**
 * @typedef {object} AwsOptions
 * @property {(line: string) => void} say
 * @property {boolean} [dryRun] commands are shown, and none is run
 */

export class Aws {
  #say;
  #dryRun;

  /** @param {AwsOptions} options */
  constructor({ say, dryRun = false }) {
    this.#say = say;
    this.#dryRun = dryRun;
  }

  get isDryRun() {
    return this.#dryRun;
  }

  /**
   * Runs a command that only reads.
   *
   * @param {Arguments} args
   * @param {any} assumed its result in a dry run
   * @returns {Promise<any>} what it printed, as JSON
   * @throws {AwsError}
   */
  async read(args, assumed) {
    if (!this.#dryRun) return this.#run(args);
    this.#say(shown(args));
    return assumed;
  }

  /**
   * Like `read`, of something that may not exist.
   *
   * @param {Arguments} args
   * @param {string} absentCode the service's code for that
   * @param {any} assumed
   * @returns {Promise<any>} `undefined` where it does not exist
   * @throws {AwsError}
   */
  async find(args, absentCode, assumed) {
    try {
      return await this.read(args, assumed);
    } catch (error) {
      if (error instanceof AwsError && error.code === absentCode) return undefined;
      throw error;
    }
  }

  /**
   * Runs a command that changes something, and shows it.
   *
   * @param {Arguments} args
   * @param {any} [assumed] its result in a dry run
   * @returns {Promise<any>}
   * @throws {AwsError}
   */
  async change(args, assumed) {
    this.#say(shown(args));
    return this.#dryRun ? assumed : this.#run(args);
  }

  /** In a dry run, what the commands after it depend on. @param {string} text */
  note(text) {
    if (this.#dryRun) this.#say(`# ${text}`);
  }

  /** @param {Arguments} args */
  async #run(args) {
    const folder = mkdtempSync(join(tmpdir(), 'edge-authorizer-aws-'));
    try {
      const words = args.map((arg, index) => {
        if (typeof arg === 'string') return arg;
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify(arg.content), { mode: 0o600 });
        return `file://${file}`;
      });
      const stdout = await runAws([...words, ...IN_REGION, '--output', 'json'], shown(args));
      return stdout.trim() === '' ? {} : JSON.parse(stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/**
 * @param {Arguments} args
 * @returns {string} the command as a person would type it
 */
function shown(args) {
  const words = [...args, ...IN_REGION].map((arg) => (typeof arg === 'string' ? arg : `file://${arg.name}`));
  return ['aws', ...words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))].join(' ');
}

/**
 * @param {string[]} args
 * @param {string} command for messages
 * @returns {Promise<string>}
 */
function runAws(args, command) {
  return new Promise((resolve, reject) => {
    // The pager of the CLI's second version would wait for a key.
    const env = { ...process.env, AWS_PAGER: '' };
    const child = spawn('aws', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', () => reject(new Error('the AWS CLI is needed: no `aws` on PATH (https://aws.amazon.com/cli/)')));
    child.on('close', (status) => (status === 0 ? resolve(stdout) : reject(new AwsError(command, stderr))));
  });
}
