// RSA-2048 in WebAssembly: our crate beside `rsa`, SHA-256 included; and OpenSSL, which both have to do without.

import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { makeKey } from '../material/keys.mjs';
import { comparison } from '../report/rows.mjs';
import { inTurn, ratio } from '../rounds.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

const MESSAGE_BYTES = 600;
const CALLS = 16;

const TITLE = 'RSA-2048 verification in WebAssembly, SHA-256 of 600 bytes included';

/**
 * @param {Bench} bench
 * @returns {Promise<import('../report/rows.mjs').Section>}
 */
export async function rsaVerification({ rsaFolder, effort }) {
  if (rsaFolder === undefined) return { title: TITLE, rows: [{ name: 'skipped', text: 'it was not compiled' }] };
  const { Ours, Crate } = createRequire(import.meta.url)(join(rsaFolder, 'edge_authorizer_benches.js'));
  const key = makeKey('RS256');
  const [modulus, exponent] = [key.jwk.n, key.jwk.e].map((part) => Buffer.from(String(part), 'base64url'));
  const publicKey = createPublicKey({ key: key.jwk, format: 'jwk' });
  const messages = Array.from({ length: CALLS }, () => randomBytes(MESSAGE_BYTES).toString('latin1'));
  const signed = messages.map((text) => ({ message: Buffer.from(text), signature: key.sign(text) }));

  const ours = new Ours(modulus, exponent);
  const crate = new Crate(modulus, exponent);
  /** @type {Record<string, (message: Buffer, signature: Buffer) => boolean>} */
  const verifiers = {
    'edge-authorizer-rsa': (message, signature) => ours.verify(message, signature),
    'rsa 0.9': (message, signature) => crate.verify(message, signature),
    'OpenSSL, by node:crypto': (message, signature) => verify('sha256', message, publicKey, signature),
  };
  const contenders = Object.entries(verifiers).map(([name, isSignature]) => {
    const turn = () => {
      for (const { message, signature } of signed) if (!isSignature(message, signature)) throw new Error(name);
    };
    return { name, calls: CALLS, prepare: () => turn };
  });
  const samples = await inTurn(contenders, effort.rounds(40, 200));
  const measured = ratio(samples.get('rsa 0.9') ?? [], samples.get('edge-authorizer-rsa') ?? []).median;
  return {
    title: TITLE,
    rows: comparison(samples, 'rsa 0.9'),
    goals: [
      {
        what: 'RSA-2048 verify in wasm against `rsa` in wasm',
        goal: '≥ 8 × faster',
        measured,
        unit: '× faster',
        isMet: (/** @type {number} */ value) => value >= 8,
      },
    ],
  };
}
