// What a cold start has to fetch and unpack.

import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

import { readZip } from '../../scripts/zip.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function sizes({ zip, peerBundle }) {
  const bytes = readFileSync(zip);
  const parts = readZip(bytes).map(({ name, content }) => {
    const packed = deflateRawSync(content, { level: 9 }).length;
    return { name, text: `${grouped(content.length)} bytes, about ${grouped(Math.min(packed, content.length))} packed` };
  });
  const peer = readFileSync(peerBundle);
  return {
    title: 'sizes',
    rows: [
      { name: 'the zip, with an example configuration', text: `${grouped(bytes.length)} bytes` },
      ...parts,
      { name: 'aws-jwt-verify bundled', text: `${grouped(peer.length)} bytes, ${grouped(deflateRawSync(peer).length)} packed` },
    ],
    goals: [
      {
        what: 'the zip, with the features that there are so far',
        goal: '≤ 120 KB',
        measured: bytes.length / 1000,
        unit: 'KB',
        isMet: (/** @type {number} */ value) => value <= 120,
      },
    ],
  };
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en-US');
}
