import { CLAIMS } from './claims.mjs';
import { ENCODING } from './encoding.mjs';
import { HEADER } from './header.mjs';
import { JSON_TEXTS } from './json-texts.mjs';
import { KEYS } from './keys.mjs';
import { SIGNATURE } from './signature.mjs';
import { TIMES } from './times.mjs';
import { VALID } from './valid.mjs';

/** @typedef {import('./mutation.mjs').Mutation} Mutation */

/** @type {Mutation[]} */
export const MUTATIONS = [
  ...VALID,
  ...HEADER,
  ...KEYS,
  ...CLAIMS,
  ...TIMES,
  ...JSON_TEXTS,
  ...SIGNATURE,
  ...ENCODING,
];
