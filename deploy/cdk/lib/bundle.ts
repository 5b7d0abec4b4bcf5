// The zip that `./build.sh build` made, or the place in Amazon S3 where it will be.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { CfnParameter } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

// The reader of the build, which is plain JavaScript.
const { readZip } = (await import(new URL('../../../scripts/zip.mjs', import.meta.url).href)) as {
  readZip: (zip: Buffer) => { name: string; content: Buffer }[];
};

export interface Bundle {
  code: lambda.Code;
  /** SHA-256 of the zip as base64, as AWS Lambda tells it: another one is another version. */
  sha256: string;
}

/**
 * A zip on this machine.
 *
 * @throws {Error} where it was made with another configuration than the distribution
 */
export function bundleFromZip(zip: string, configuration: string): Bundle {
  const bytes = readFileSync(zip);
  const bundled = readZip(bytes).find(({ name }) => name === 'authorizer.json')?.content;
  if (bundled === undefined || !bundled.equals(readFileSync(configuration))) {
    throw new Error(
      `\`${zip}\` holds another configuration than \`${configuration}\`: ./build.sh build --config ${configuration}`,
    );
  }
  return { code: lambda.Code.fromAsset(zip), sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** A zip that whoever creates the stack has put into a bucket: parameters of the stack say where. */
export function bundleFromParameters(scope: Construct): Bundle {
  const bucket = new CfnParameter(scope, 'CodeBucket', {
    description: 'The bucket, in us-east-1, that holds the zip of the authorizer',
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  });
  const key = new CfnParameter(scope, 'CodeKey', {
    description: 'The key of the zip in that bucket',
    default: 'edge-authorizer.zip',
  });
  const sha256 = new CfnParameter(scope, 'CodeSha256', {
    description: 'The SHA-256 of the zip as base64, as ./build.sh prints it: a new one publishes a new version',
    allowedPattern: '[A-Za-z0-9+/]{43}=',
  });
  const code = lambda.Code.fromCfnParameters({ bucketNameParam: bucket, objectKeyParam: key });
  return { code, sha256: sha256.valueAsString };
}
