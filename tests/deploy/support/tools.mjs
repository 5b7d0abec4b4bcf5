import { join } from 'node:path';

const FOLDER = process.env.EDGE_AUTHORIZER_DEPLOY_TOOLS;

/** Why a test is skipped that needs the AWS CLI, moto or cfn-lint; `false` where they are there. */
export function noTools() {
  return FOLDER ? false : 'EDGE_AUTHORIZER_DEPLOY_TOOLS names no folder with aws, moto_server and cfn-lint';
}

/**
 * @param {string} name
 * @returns {string} the path of a program
 */
export function tool(name) {
  return join(String(FOLDER), name);
}
