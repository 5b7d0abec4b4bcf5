// What a cold start has to fetch and unpack.

import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

import { readZip } from '../../scripts/zip.mjs';

/** @typedef {import('../main.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function sizes({ zip, everythingZip, peerBundle }) {
  const bytes = readFileSync(zip);
  const everything = readFileSync(everythingZip);
  const parts = readZip(bytes).map(({ name, content }) => {
    const packed = deflateRawSync(content, { level: 9 }).length;
    return { name, text: `${grouped(content.length)} bytes, about ${grouped(Math.min(packed, content.length))} packed` };
  });
  const peer = readFileSync(peerBundle);
  return {
    title: 'sizes',
    rows: [
      { name: 'the zip for the configuration of examples/images', text: `${grouped(bytes.length)} bytes` },
      ...parts,
      { name: 'the zip for one that uses every feature', text: `${grouped(everything.length)} bytes` },
      { name: 'aws-jwt-verify bundled', text: `${grouped(peer.length)} bytes, ${grouped(deflateRawSync(peer).length)} packed` },
    ],
    goals: [
      {
        what: 'the zip for a configuration that uses every feature',
        goal: '≤ 120 KB',
        measured: everything.length / 1000,
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
