import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isLoopback } from '../edge/loopback.mjs';
import { readSecret } from '../lib/bundled-file.mjs';
import { readJson, writeSecret } from './files.mjs';

/** @typedef {import('../edge/sign-in-provider.mjs').DevelopmentClient} DevelopmentClient */
/** @typedef {import('../edge/sign-in-provider.mjs').DevelopmentUser} DevelopmentUser */
/**
 * @typedef {object} DevelopmentSite
 * @property {any} signIn of the configuration
 * @property {string} pathSuffix what follows the callback's path where there are several providers
 * @property {string} configFolder
 * @property {DevelopmentUser[]} users
 */

/** @type {(name: string, groups: string[]) => DevelopmentUser} */
const person = (name, groups) => {
  const sub = name.toLowerCase();
  return { title: name, claims: { sub, name, email: `${sub}@example.com`, email_verified: true, groups } };
};

const USERS = [person('Alice', ['radiology']), person('Bob', []), person('Carol', ['radiology', 'admins'])];

/**
 * @param {string} [file] `[{"title": "Alice", "claims": {"sub": "alice", …}}, …]`
 * @returns {DevelopmentUser[]} who can sign in with the development provider
 * @throws {Error} naming the first entry that is wrong
 */
export function developmentUsers(file) {
  if (file === undefined) return USERS;
  const users = /** @type {any} */ (readJson(file, 'users'));
  if (!Array.isArray(users) || users.length === 0) throw new Error(`users \`${file}\`: must be a list of users`);
  for (const [index, user] of users.entries()) {
    const problem = userProblem(user, users.slice(0, index));
    if (problem) throw new Error(`users \`${file}\`: entry ${index + 1} ${problem}`);
  }
  return users;
}

/** @type {(user: any, earlier: DevelopmentUser[]) => string | null} */
function userProblem(user, earlier) {
  if (typeof user?.title !== 'string') return 'has no `title`';
  if (typeof user.claims?.sub !== 'string') return 'has no `claims` with a `sub`';
  return earlier.some(({ claims }) => claims.sub === user.claims.sub) ? 'has the `sub` of an earlier one' : null;
}

/**
 * @param {any} provider of the configuration, with `signIn`
 * @param {DevelopmentSite} site
 * @returns {DevelopmentClient} what the provider has to know of this site
 */
export function developmentClient({ audience, signIn: client }, { signIn, pathSuffix, configFolder, users }) {
  const { redirectPathSignIn = '/parseauth', signOutUrl = '/signout', redirectPathSignOut, cookieSettings } = signIn;
  if (cookieSettings?.secure !== false) {
    throw new Error('`signIn.cookieSettings.secure` has to be `false` to sign in over http, here and nowhere else');
  }
  const [first] = [audience].flat();
  return {
    clientId: client.clientId,
    clientSecret: clientSecret(client.clientSecret, configFolder),
    redirectPath: redirectPathSignIn + pathSuffix,
    afterSignOutPath: redirectPathSignOut ?? `${signOutUrl}/done`,
    audience: typeof first === 'string' ? first : client.clientId,
    users,
  };
}

/** @type {(reference: any, configFolder: string) => string | null} */
function clientSecret(reference, configFolder) {
  if (reference === undefined) return null;
  if (reference.file === undefined) {
    throw new Error('`clientSecret` of a provider on loopback has to be in a file: `{"file": "./client-secret"}`');
  }
  return Buffer.from(readSecret(reference.file, configFolder)).toString();
}

/** @type {(provider: any) => boolean} whether people sign in with it, at endpoints that its own document names */
export function isForSigningIn(provider) {
  return provider?.signIn !== undefined && provider.signIn.domain === undefined && isLoopback(provider.issuer);
}

/**
 * @param {string} configText valid
 * @returns {string[]} the providers that people sign in with, but not with the development issuer in their place
 */
export function elsewhereSignedIn(configText) {
  const providers = Object.entries(JSON.parse(configText).providers ?? {});
  return providers.filter(([, provider]) => provider.signIn && !isForSigningIn(provider)).map(([name]) => name);
}

/**
 * Makes the cookie keys that the configuration names and that are not there: without them nobody could try anything. Only where
 * people sign in with a provider on loopback, since only such a configuration is for development.
 *
 * @param {string} config the configuration's path
 * @param {string} configText perhaps not valid
 * @returns {string[]} the files that were made
 */
export function makeCookieKeys(config, configText) {
  const folder = dirname(resolve(config));
  const missing = cookieKeyFiles(configText).filter((file) => !existsSync(join(folder, file)));
  return missing.map((file) => {
    writeSecret(join(folder, file), `${randomBytes(32).toString('base64')}\n`);
    return join(dirname(config), file);
  });
}

/** @type {(configText: string) => string[]} What is wrong in the configuration says the check, which comes next. */
function cookieKeyFiles(configText) {
  let configuration;
  try {
    configuration = JSON.parse(configText);
  } catch {
    return [];
  }
  if (!Object.values(configuration?.providers ?? {}).some(isForSigningIn)) return [];
  const files = [configuration.signIn?.cookieKey].flat().map((reference) => reference?.file);
  return files.filter((file) => typeof file === 'string' && !file.startsWith('/') && !file.split('/').includes('..'));
}
