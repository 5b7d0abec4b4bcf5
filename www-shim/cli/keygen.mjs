import {
  ALGORITHM_NAMES,
  generateKey,
  publicKeySet,
  secretText,
} from '../edge/development-keys.mjs';
import { UsageError } from './errors.mjs';
import { writeNew, writeSecret } from './files.mjs';

/** @typedef {import('./types.d.ts').Command} Command */

const DEFAULT_FILE = 'development-key.json';

/** @type {Command} */
export const keygen = {
  about: 'make a key pair or a secret for development',
  usage: [
    '[--alg RS256|PS256|ES256|EdDSA|…] [--out FILE] [--public-out FILE]',
    '--alg HS256 [--out FILE] [--secret-out FILE]',
  ],
  options: {
    alg: { type: 'string', value: 'ALG', help: 'RS, PS, ES or HS with 256, 384 or 512, or EdDSA; default RS256' },
    out: { type: 'string', value: 'FILE', help: `the private key or the secret, as a JWK; default ${DEFAULT_FILE}` },
    'public-out': { type: 'string', value: 'FILE', help: 'the public JWK Set; default: print it' },
    'secret-out': { type: 'string', value: 'FILE', help: 'the secret alone, for `secret.file`' },
  },
  run: ({ alg = 'RS256', out = DEFAULT_FILE, ...values }, io) => {
    const { 'public-out': publicOut, 'secret-out': secretOut } = values;
    if (!ALGORITHM_NAMES.includes(alg)) {
      throw new UsageError(`algorithm \`${alg}\` is not one of ${ALGORITHM_NAMES.join(', ')}`);
    }
    const key = generateKey(alg);
    const isSecret = key.kty === 'oct';
    if (isSecret && publicOut !== undefined) {
      throw new UsageError('a secret has no public half; leave `--public-out` away');
    }
    if (!isSecret && secretOut !== undefined) {
      throw new UsageError('a key pair has no shared secret; leave `--secret-out` away');
    }
    writeSecret(out, `${JSON.stringify(key, null, 2)}\n`);
    if (secretOut !== undefined) writeSecret(secretOut, secretText(key));
    const written = isSecret ? 'the secret' : 'the private key';
    const places = [out, secretOut].filter((file) => file !== undefined).map((file) => `\`${file}\``);
    io.err(`wrote ${written} to ${places.join(' and ')}, readable by you alone; it is for development\n`);
    if (isSecret) return 0;
    const keySet = `${JSON.stringify(publicKeySet(key), null, 2)}\n`;
    if (publicOut === undefined) io.out(keySet);
    else writeNew(publicOut, keySet);
    return 0;
  },
};
