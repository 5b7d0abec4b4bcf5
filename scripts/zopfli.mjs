// Zopfli (Google, 2013): DEFLATE data that any inflater reads, a twentieth smaller than zlib's best, for a second of work.

import { createRequire } from 'node:module';

// Development dependencies are installed in www-shim/ only.
const fromShim = createRequire(new URL('../www-shim/package.json', import.meta.url));
/** @type {{ deflateAsync(content: Uint8Array, options: { numiterations: number }): Promise<Uint8Array> }} */
const { deflateAsync } = fromShim('@gfx/zopfli');

// The default of the zopfli program; more gains less than a hundredth of a percent.
const ITERATIONS = 15;

/** @type {import('./zip.mjs').Deflate} */
export function zopfli(content) {
  return deflateAsync(content, { numiterations: ITERATIONS });
}
