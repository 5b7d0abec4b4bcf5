// What the function signs, beside the signers of the AWS SDK for JavaScript: the whole call of our handler, decision included,
// and of theirs the signature alone.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';

import { getSignedCookies } from '@aws-sdk/cloudfront-signer';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { SignatureV4 } from '@smithy/signature-v4';

import { Sha256 } from '../../tests/support/sha256.mjs';
import { ourHandler } from '../contenders/ours.mjs';
import { GENERIC } from '../material/configurations.mjs';
import { eventText, eventTextWith, originEventText } from '../material/events.mjs';
import { makeKey } from '../material/keys.mjs';
import { accessTokens } from '../material/tokens.mjs';
import { comparison } from '../report/rows.mjs';
import { inTurn, ratio, turnOf } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */
/** @typedef {import('../report/rows.mjs').Section} Section */

const CALLS = 32;
const LIMIT = 2;
const OURS = 'edge-authorizer';
const REGION = 'eu-central-1';
const BUCKET = `images-example.s3.${REGION}.amazonaws.com`;
const KEY_PAIR_ID = 'K2JCJMDEHXQW5F';

/**
 * @param {Bench} bench
 * @returns {Promise<Section[]>}
 */
export async function signatures({ zipFolder, effort }) {
  const credentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(300).toString('base64'),
  };
  const restore = setEnvironment(credentials);
  try {
    const key = makeKey('RS256');
    const privateKey = rsaPrivateKey();
    const files = { 'private-key.pem': privateKey };
    const handler = await ourHandler(zipFolder, configurationText(), { staff: [key] }, files);
    const calls = effort.tiny ? 2 : CALLS;
    const tokens = accessTokens(key, calls);
    const rounds = effort.rounds(40, 200);
    const section = async (/** @type {string} */ title, /** @type {() => string[]} */ texts, /** @type {Peer} */ peer) => {
      const isRight = title.startsWith('Signature') ? undefined : ({ status = '' }) => status === '200';
      const contenders = [
        { name: OURS, calls, prepare: turnOf(handler, texts, isRight) },
        { name: peer.name, calls, prepare: turnOf(peer.sign, texts, () => true) },
      ];
      const samples = await inTurn(contenders, rounds);
      return sectionOf(title, samples, peer.name);
    };
    return [
      await section(
        'Signature Version 4 of a request to Amazon S3: the whole call of the handler at origin-request',
        () => Array.from({ length: calls }, () => originEventText(BUCKET, `/photos/${randomUUID()}.jpg`)),
        smithy(credentials),
      ),
      await section(
        'signed cookies, RSA-2048, for a token that was seen before: the whole call of the handler',
        () => tokens.map((token) => eventText(token, '/watch')),
        cloudFrontSigner(privateKey),
      ),
      await section(
        'a presigned URL for an upload, for a token that was seen before: the whole call of the handler',
        () => tokens.map((token) => eventTextWith({ Authorization: `Bearer ${token}` }, '/upload', 'extension=png')),
        presigner(credentials),
      ),
    ];
  } finally {
    restore();
  }
}

/** @typedef {{ name: string, sign: (event: any) => Promise<any> }} Peer */
/** @typedef {{ accessKeyId: string, secretAccessKey: string, sessionToken: string }} Credentials */

function configurationText() {
  const lifetimeSeconds = 600;
  const privateKey = { file: './private-key.pem' };
  const resource = 'https://live.example.com/{claim:sub}/*';
  return JSON.stringify({
    providers: { staff: { ...GENERIC, algorithms: ['RS256'] } },
    signedCookies: { live: { keyPairId: KEY_PAIR_ID, privateKey, resource, lifetimeSeconds } },
    uploads: {
      avatar: {
        ...{ bucket: 'uploads-example', region: REGION, key: 'avatars/{claim:sub}.{extension}', expiresSeconds: 60 },
        contentTypes: { png: 'image/png' },
      },
    },
    rules: [
      { name: 'watch', match: { path: '/watch' }, allow: 'authenticated', respond: { signedCookies: 'live' } },
      { name: 'upload', match: { path: '/upload' }, allow: 'authenticated', respond: { upload: 'avatar' } },
      { name: 'rest', match: { path: '/{*rest}' }, allow: 'authenticated' },
    ],
    forward: { sign: { service: 's3' } },
  });
}

/** @type {(credentials: Credentials) => Peer} */
function smithy(credentials) {
  const signer = new SignatureV4({
    ...{ service: 's3', region: REGION, credentials, sha256: /** @type {any} */ (Sha256) },
    ...{ applyChecksum: true, uriEscapePath: false },
  });
  return {
    name: '@smithy/signature-v4',
    sign: async (event) => {
      const { request } = event.Records[0].cf;
      const headers = { host: request.headers.host[0].value };
      const unsigned = { method: request.method, protocol: 'https:', hostname: headers.host, path: request.uri, query: {}, headers };
      const signed = await signer.sign(unsigned);
      for (const [name, value] of Object.entries(signed.headers)) request.headers[name] = [{ key: name, value }];
      return request;
    },
  };
}

/** @type {(privateKey: string) => Peer} */
function cloudFrontSigner(privateKey) {
  return {
    name: '@aws-sdk/cloudfront-signer',
    sign: async () => {
      const resource = `https://live.example.com/${randomUUID()}/*`;
      const until = Math.floor(Date.now() / 1000) + 600;
      const statement = { Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': until } } };
      return getSignedCookies({ keyPairId: KEY_PAIR_ID, privateKey, policy: JSON.stringify({ Statement: [statement] }) });
    },
  };
}

/** @type {(credentials: Credentials) => Peer} */
function presigner(credentials) {
  const presign = new S3RequestPresigner({ region: REGION, credentials, sha256: /** @type {any} */ (Sha256) });
  const hostname = `uploads-example.s3.${REGION}.amazonaws.com`;
  return {
    name: '@aws-sdk/s3-request-presigner',
    sign: async () => {
      const headers = { host: hostname, 'content-type': 'image/png' };
      const path = `/avatars/${randomUUID()}.png`;
      const unsigned = { method: 'PUT', protocol: 'https:', hostname, path, query: {}, headers };
      return presign.presign(/** @type {any} */ (unsigned), { expiresIn: 60, signableHeaders: new Set(Object.keys(headers)) });
    },
  };
}

/**
 * @param {string} title
 * @param {Map<string, number[]>} samples
 * @param {string} peer
 * @returns {Section}
 */
function sectionOf(title, samples, peer) {
  const [what] = title.split(/[,:]/);
  return {
    title,
    rows: comparison(samples, peer),
    goals: [
      {
        what: `${what}, against ${peer}`,
        goal: `≤ ${LIMIT.toFixed(1)} × its time`,
        measured: ratio(samples.get(OURS) ?? [], samples.get(peer) ?? []).median,
        unit: '× its time',
        isMet: (value) => value <= LIMIT,
      },
    ],
  };
}

function rsaPrivateKey() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

/**
 * Lambda hands the credentials of the role over in the environment.
 *
 * @param {Credentials} credentials
 * @returns {() => void} puts back what was there
 */
function setEnvironment({ accessKeyId, secretAccessKey, sessionToken }) {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  return () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  };
}
