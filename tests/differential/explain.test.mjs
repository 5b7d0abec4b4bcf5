// What `explain --json` shows of a signature, for a time that is given and credentials in the environment, and what the AWS SDK
// for JavaScript makes of the same: so can everybody compare who has another signer.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { generateKey, publicKeySet, signToken } from '../../www-shim/edge/development-keys.mjs';
import { folderWith, runProcess } from '../shim/support/cli.mjs';
import { originEvent } from '../shim/support/origin-event.mjs';
import { NOW, claimsFor, viewerEvent } from '../shim/support/viewer-event.mjs';
import { Sha256 } from '../support/sha256.mjs';
import { signTextWithSmithy, signWithSmithy } from './peers/smithy.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

const ROLE = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-but-a-test',
  AWS_SESSION_TOKEN: 'nor/this==',
};
const CREDENTIALS = {
  accessKeyId: ROLE.AWS_ACCESS_KEY_ID,
  secretAccessKey: ROLE.AWS_SECRET_ACCESS_KEY,
  sessionToken: ROLE.AWS_SESSION_TOKEN,
};
Object.assign(process.env, ROLE);

const KEY = generateKey('RS256');
const TOKEN = { Authorization: `Bearer ${signToken(KEY, claimsFor('alice'))}` };
const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;
const KEY_PAIR_ID = 'K2JCJMDEHXQW5F';

/**
 * What the command prints of an event.
 *
 * @param {TestContext} t
 * @param {Record<string, unknown>} configuration
 * @param {object} event
 */
async function explain(t, configuration, event) {
  const base = {
    providers: { dev: { issuer: 'https://issuer.example/', audience: 'images', algorithms: ['RS256'] } },
    rules: [{ name: 'all', match: { path: '/{*rest}' }, allow: 'authenticated' }],
  };
  const path = folderWith(t, {
    'authorizer.json': { ...base, ...configuration },
    'event.json': event,
    'keys.json': { dev: publicKeySet(KEY) },
    'private_key.pem': PRIVATE_KEY,
  });
  const files = ['--config', path('authorizer.json'), '--event', path('event.json'), '--keys', path('keys.json')];
  const { code, stdout, stderr } = await runProcess('explain', ...files, '--now', String(NOW), '--json');
  assert.equal(code, 0, stderr);
  assert.ok(!`${stdout}${stderr}`.includes(ROLE.AWS_SECRET_ACCESS_KEY));
  return JSON.parse(stdout);
}

/** @type {(headers: Record<string, { value: string }[]>) => Record<string, string>} */
function single(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, [line]]) => [name, String(line?.value)]));
}

/** What is signed of each request to an origin. */
const ORIGIN_REQUESTS = {
  'Amazon S3': {
    service: 's3',
    domainName: 'bucket.s3.eu-central-1.amazonaws.com',
    region: 'eu-central-1',
    sign: { query: ['versionId'] },
    uri: '/my%20photo(1)+x.png',
    parts: { querystring: 'versionId=a%2Fb&v=3' },
  },
  'DICOMweb of AWS HealthImaging': {
    service: 'medical-imaging',
    domainName: 'dicom-medical-imaging.us-east-1.amazonaws.com',
    region: 'us-east-1',
    sign: {},
    uri: '/datastore/d/studies/1.2/series/1.3/instances/1.4/frames/1,2',
    parts: { querystring: 'imageSetId=a,b' },
  },
  'GetImageFrame of AWS HealthImaging': {
    service: 'medical-imaging',
    domainName: 'runtime-medical-imaging.us-east-1.amazonaws.com',
    region: 'us-east-1',
    sign: {},
    uri: '/datastore/d/imageSet/i/getImageFrame',
    parts: { method: 'POST', body: '{"imageFrameId":"f"}', headers: { 'content-type': 'application/json' } },
  },
};

for (const [name, { service, domainName, region, sign, uri, parts }] of Object.entries(ORIGIN_REQUESTS)) {
  test(`${name}: the request to the origin is signed as the SDK signs it`, async (t) => {
    const event = originEvent(uri, { domainName, ...parts });
    const { decision, code, result } = await explain(t, { forward: { sign: { service, ...sign } } }, event);
    assert.deepEqual([decision, code], ['forward', 'signed']);
    const { body = '', method = 'GET', headers = {} } = /** @type {import('../shim/support/origin-event.mjs').OriginParts} */ (parts);
    const { 'content-type': _, ...theirs } = await signWithSmithy({
      ...{ service, region, now: NOW, ...CREDENTIALS, method, host: domainName, body },
      ...{ path: result.uri, query: result.querystring, headers: [['host', domainName], ...Object.entries(headers)] },
    });
    const ours = single(result.headers);
    for (const [header, value] of Object.entries(theirs)) assert.equal(ours[header], value, header);
    assert.ok('authorization' in theirs && 'x-amz-security-token' in theirs);
  });
}

test('a frame that the function fetches: the POST is signed as the SDK signs it', async (t) => {
  const [store, set, frame] = ['a', '1', 'z'].map((letter) => letter.repeat(32));
  const domainName = 'runtime-medical-imaging.us-east-1.amazonaws.com';
  const imageFramePath = '/frames/{datastoreId}/{imageSetId}/{imageFrameId}';
  const event = originEvent(`/frames/${store}/${set}/${frame}`, { domainName });
  const { result } = await explain(t, { forward: { sign: { service: 'medical-imaging', imageFramePath } } }, event);
  const { method, url, headers, body } = result.fetch;
  const { pathname } = new URL(url);
  assert.deepEqual([method, pathname, body], ['POST', `/datastore/${store}/imageSet/${set}/getImageFrame`, `{"imageFrameId":"${frame}"}`]);
  const theirs = await signWithSmithy({
    ...{ service: 'medical-imaging', region: 'us-east-1', now: NOW, ...CREDENTIALS, method, host: domainName, path: pathname },
    ...{ query: '', headers: [['host', domainName], ['content-type', 'application/json']], body },
  });
  assert.deepEqual(headers, theirs);
});

const BUCKET = { bucket: 'uploads-example', region: 'eu-west-1', key: 'avatars/{claim:sub}.{extension}', contentTypes: { png: 'image/png' } };

/** @type {(t: TestContext, upload: object) => Promise<any>} */
async function placeFor(t, upload) {
  const rules = [{ name: 'upload', match: { path: '/upload' }, allow: 'authenticated', respond: { upload: 'avatar' } }];
  const event = viewerEvent('/upload', { headers: TOKEN, querystring: 'extension=png' });
  const { status, code, result } = await explain(t, { rules, uploads: { avatar: { ...BUCKET, ...upload } } }, event);
  assert.deepEqual([status, code], [200, 'upload_signed']);
  return JSON.parse(result.body);
}

test('a presigned PUT is that of the presigner of the SDK', async (t) => {
  const { url, method, headers } = await placeFor(t, { expiresSeconds: 60 });
  const { hostname, pathname, searchParams } = new URL(url);
  assert.deepEqual([method, hostname, pathname], ['PUT', 'uploads-example.s3.eu-west-1.amazonaws.com', '/avatars/alice.png']);
  const presigner = new S3RequestPresigner({ region: BUCKET.region, credentials: CREDENTIALS, sha256: /** @type {any} */ (Sha256) });
  // It leaves the type of the body out of the signature unless told otherwise, and says in the query that the body is not signed.
  const unsigned = new Set(['x-amz-content-sha256']);
  const theirs = await presigner.presign(
    /** @type {any} */ ({ method, protocol: 'https:', hostname, path: pathname, query: {}, headers: { ...headers } }),
    {
      ...{ signingDate: new Date(NOW * 1000), expiresIn: 60, signableHeaders: new Set(['host', 'content-type']) },
      ...{ unsignableHeaders: unsigned, unhoistableHeaders: unsigned },
    },
  );
  assert.deepEqual(Object.fromEntries(searchParams), theirs.query);
});

test('the policy of a form has the signature of the SDK', async (t) => {
  const { fields } = await placeFor(t, { maxBytes: 1000 });
  const theirs = await signTextWithSmithy(fields.policy, { service: 's3', region: BUCKET.region, now: NOW, ...CREDENTIALS });
  assert.equal(fields['x-amz-signature'], theirs);
  const { conditions } = JSON.parse(Buffer.from(fields.policy, 'base64').toString());
  const said = Object.assign({}, ...conditions.filter((/** @type {unknown} */ condition) => !Array.isArray(condition)));
  for (const [name, value] of Object.entries(said).filter(([name]) => name !== 'bucket')) assert.equal(fields[name], value, name);
  assert.equal(fields['x-amz-credential'], `${ROLE.AWS_ACCESS_KEY_ID}/20231114/${BUCKET.region}/s3/aws4_request`);
});

const CANNED = { resource: 'https://live.example.com/{claim:sub}/index.m3u8', lifetimeSeconds: 600 };
const CUSTOM = { resource: 'https://live.example.com/{claim:sub}/*', lifetimeSeconds: 600 };
const DATE = new Date((NOW + 600) * 1000);
const SIGNER = { keyPairId: KEY_PAIR_ID, privateKey: PRIVATE_KEY };

/** @type {(t: TestContext, respond: string, access: object) => Promise<any>} */
async function accessFor(t, respond, access) {
  const signedCookies = { live: { keyPairId: KEY_PAIR_ID, privateKey: { file: './private_key.pem' }, ...access } };
  const rules = [{ name: 'watch', match: { path: '/watch' }, allow: 'authenticated', respond: { [respond]: 'live' } }];
  const { status, result } = await explain(t, { rules, signedCookies }, viewerEvent('/watch', { headers: TOKEN }));
  assert.equal(status, 200);
  return result;
}

/** @type {(result: any) => Record<string, string>} */
function cookiesOf({ headers }) {
  const pairs = headers['set-cookie'].map((/** @type {{ value: string }} */ { value }) => /^([^=]+)=([^;]*)/.exec(value)?.slice(1));
  return Object.fromEntries(pairs.filter((/** @type {string[]} */ [, value]) => value !== ''));
}

for (const algorithm of /** @type {const} */ (['SHA1', 'SHA256'])) {
  test(`signed cookies, ${algorithm}: those of the SDK, byte for byte`, async (t) => {
    const url = 'https://live.example.com/alice/index.m3u8';
    const canned = cookiesOf(await accessFor(t, 'signedCookies', { ...CANNED, hash: algorithm }));
    assert.deepEqual(canned, texts(getSignedCookies({ ...SIGNER, algorithm, url, dateLessThan: DATE })));
    const custom = cookiesOf(await accessFor(t, 'signedCookies', { ...CUSTOM, hash: algorithm, startsAt: NOW - 60 }));
    assert.deepEqual(custom, texts(getSignedCookies({ ...SIGNER, algorithm, policy: policyIn(custom) })));
    assert.deepEqual(JSON.parse(policyIn(custom)).Statement, [
      {
        Resource: 'https://live.example.com/alice/*',
        Condition: { DateLessThan: { 'AWS:EpochTime': NOW + 600 }, DateGreaterThan: { 'AWS:EpochTime': NOW - 60 } },
      },
    ]);
  });

  test(`signed URLs, ${algorithm}: those of the SDK`, async (t) => {
    const url = 'https://live.example.com/alice/index.m3u8';
    const canned = JSON.parse((await accessFor(t, 'signedUrl', { ...CANNED, hash: algorithm })).body).url;
    assert.deepEqual(parametersOf(canned), parametersOf(getSignedUrl({ ...SIGNER, algorithm, url, dateLessThan: DATE })));
    const access = { ...CUSTOM, url: 'https://live.example.com/{claim:sub}/index.m3u8', hash: algorithm };
    const custom = JSON.parse((await accessFor(t, 'signedUrl', access)).body).url;
    const policy = policyIn({ 'CloudFront-Policy': String(new URL(custom).searchParams.get('Policy')) });
    assert.deepEqual(parametersOf(custom), parametersOf(getSignedUrl({ ...SIGNER, algorithm, url, policy })));
  });
}

/** @type {(cookies: object) => Record<string, string>} */
function texts(cookies) {
  return Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, String(value)]));
}

/** The policy in a cookie, with the letters that CloudFront has for those of base64. @type {(cookies: Record<string, string>) => string} */
function policyIn({ 'CloudFront-Policy': policy = '' }) {
  return Buffer.from(policy.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64').toString();
}

/** @type {(url: string) => [string, Record<string, string>]} */
function parametersOf(url) {
  const { origin, pathname, searchParams } = new URL(url);
  return [origin + pathname, Object.fromEntries(searchParams)];
}

test('without credentials in the environment it shows no signature', async (t) => {
  const { AWS_SECRET_ACCESS_KEY } = process.env;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  t.after(() => Object.assign(process.env, { AWS_SECRET_ACCESS_KEY }));
  const event = originEvent('/a', { domainName: 'bucket.s3.eu-central-1.amazonaws.com' });
  const { status, code } = await explain(t, { forward: { sign: { service: 's3' } } }, event);
  assert.deepEqual([status, code], [503, 'secrets_unavailable']);
});
