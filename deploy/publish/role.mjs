// The role of the function: who may assume it, and what it may do.

import { Document } from './aws.mjs';

/** @typedef {import('./aws.mjs').Aws} Aws */
/** @typedef {import('../../www-shim/cli/types.d.ts').Permission} Permission */

const POLICY = 'edge-authorizer';

// "Set up IAM permissions and roles for Lambda@Edge" in the CloudFront Developer Guide.
const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
};

/**
 * Makes the role, or makes it what it should be.
 *
 * @param {Aws} aws
 * @param {string} name of role and function
 * @param {Permission[]} permissions
 * @param {string[]} originArns for those that name no resources
 * @returns {Promise<string>} its ARN
 */
export async function ensureRole(aws, name, permissions, originArns) {
  const { Account: account } = await aws.read(['sts', 'get-caller-identity'], { Account: 'ACCOUNT' });
  const found = await aws.find(['iam', 'get-role', '--role-name', name], 'NoSuchEntity', undefined);
  const trust = new Document(TRUST, 'trust.json');
  let role = found?.Role;
  aws.note('the first time; later: iam update-assume-role-policy');
  if (role === undefined) {
    const args = ['iam', 'create-role', '--role-name', name, '--assume-role-policy-document', trust];
    role = (await aws.change(args, { Role: { Arn: `arn:aws:iam::${account}:role/${name}` } })).Role;
  } else {
    await aws.change(['iam', 'update-assume-role-policy', '--role-name', name, '--policy-document', trust]);
  }
  const policy = new Document(policyOf(name, account, permissions, originArns), 'policy.json');
  for (const { name: file, content } of [trust, policy]) aws.note(`${file}: ${JSON.stringify(content)}`);
  await aws.change(['iam', 'put-role-policy', '--role-name', name, '--policy-name', POLICY, '--policy-document', policy]);
  return role.Arn;
}

/**
 * @param {Aws} aws
 * @param {string} name
 */
export async function removeRole(aws, name) {
  const found = await aws.find(['iam', 'get-role', '--role-name', name], 'NoSuchEntity', {});
  if (found === undefined) return;
  const policies = await aws.read(['iam', 'list-role-policies', '--role-name', name], { PolicyNames: [POLICY] });
  for (const policy of policies.PolicyNames) {
    await aws.change(['iam', 'delete-role-policy', '--role-name', name, '--policy-name', policy]);
  }
  await aws.change(['iam', 'delete-role', '--role-name', name]);
}

/**
 * @param {string} name
 * @param {string} account
 * @param {Permission[]} permissions
 * @param {string[]} originArns
 */
function policyOf(name, account, permissions, originArns) {
  // The log is in the Region that ran the function, under a name that begins with the function's own Region.
  const group = `arn:aws:logs:*:${account}:log-group:/aws/lambda/us-east-1.${name}`;
  const writesLog = {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [group, `${group}:*`],
  };
  const needed = permissions.map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources ?? originArns,
  }));
  return { Version: '2012-10-17', Statement: [writesLog, ...needed] };
}
