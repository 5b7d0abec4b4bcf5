// The distribution: its configuration read, changed and written back, and waiting until that is everywhere.

import { Document } from './aws.mjs';

/** @typedef {import('./aws.mjs').Aws} Aws */
/** @typedef {import('./poll.mjs').Poll} Poll */

const ASSUMED = { ETag: 'ETAG', DistributionConfig: { DefaultCacheBehavior: {}, CacheBehaviors: { Quantity: 0 } } };

/**
 * @param {Aws} aws
 * @param {string} id
 * @returns {Promise<{ ETag: string, DistributionConfig: any }>}
 */
export function readConfig(aws, id) {
  return aws.read(['cloudfront', 'get-distribution-config', '--id', id], structuredClone(ASSUMED));
}

/**
 * Changes the configuration, unless the change changes nothing, and waits until it is deployed.
 *
 * @template T
 * @param {Aws} aws
 * @param {string} id
 * @param {Poll} poll
 * @param {(config: any) => T} edit in place
 * @returns {Promise<{ said: T, domainName: string }>} what `edit` said, and the host that the distribution answers under
 */
export async function changeConfig(aws, id, poll, edit) {
  const { ETag: etag, DistributionConfig: config } = await readConfig(aws, id);
  const before = JSON.stringify(config);
  const said = edit(config);
  if (aws.isDryRun || JSON.stringify(config) !== before) {
    const document = new Document(config, 'distribution.json');
    // Refused where somebody else has changed it since it was read.
    await aws.change(['cloudfront', 'update-distribution', '--id', id, '--if-match', etag, '--distribution-config', document]);
  }
  return { said, domainName: await untilDeployed(aws, id, poll) };
}

/** @type {(aws: Aws, id: string, poll: Poll) => Promise<string>} */
async function untilDeployed(aws, id, poll) {
  const assumed = { Distribution: { Status: 'Deployed', DomainName: 'DOMAIN.cloudfront.net' } };
  let domainName = '';
  await poll.until(`CloudFront is deploying ${id}`, async () => {
    const { Distribution: distribution } = await aws.read(['cloudfront', 'get-distribution', '--id', id], assumed);
    domainName = distribution.DomainName;
    return distribution.Status === 'Deployed';
  });
  return domainName;
}
