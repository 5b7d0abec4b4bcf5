import { compact, EVERY_PATH, logLevel, sameSite } from './foreign.mjs';

/** @typedef {import('./foreign.mjs').Converted} Converted */
/** @typedef {import('./foreign.mjs').Foreign} Foreign */

/** What `attemptMaxAgeSeconds` allows. */
const ATTEMPT_SECONDS = { least: 30, most: 3600 };

/** Of the nonce and of PKCE: ours are sealed in a cookie, and always as long as they should be. */
const NOT_NEEDED = ['nonceSigningSecret', 'secretAllowedCharacters', 'pkceLength', 'nonceLength', 'jwks', 'userPoolRegion'];

/**
 * The `configuration.json` that cloudfront-authorization-at-edge puts beside its functions.
 *
 * @param {Foreign} source
 * @returns {Converted}
 */
export function fromCloudFrontAuthorizationAtEdge(source) {
  const [clientSecret, mode, group] = [source.text('clientSecret'), source.text('mode'), source.text('requiredGroup')];
  source.pass(NOT_NEEDED);
  source.drop('httpHeaders', 'a response headers policy of the cache behavior sets them, also on what the cache answers');
  source.drop('additionalCookies', 'nobody else than the sign-in sets cookies');
  if (mode !== 'staticSiteMode') {
    source.note('scripts of the page cannot read the tokens any more: cookies are sealed and `HttpOnly`');
  }
  const configuration = {
    providers: {
      cognito: {
        userPoolId: userPoolId(source),
        tokenUse: 'id',
        clientId: source.requiredText('clientId'),
        signIn: {
          domain: source.requiredText('cognitoAuthDomain'),
          ...(clientSecret === undefined ? {} : { clientSecret: { file: './client-secret' } }),
          oauthScopes: oauthScopes(source),
        },
      },
    },
    signIn: signIn(source),
    rules: Object.entries(EVERY_PATH).map(([name, path]) => ({ name, match: { path }, ...requirement(group) })),
    logLevel: logLevel(source.text('logLevel')),
  };
  source.note('GET and HEAD pass: where the site takes other methods, name all of them in `match.methods` of the rules');
  return source.finished({ configuration, clientSecret });
}

/** @type {(source: Foreign) => string} older versions have `userPoolId`, newer ones its ARN */
function userPoolId(source) {
  const arn = source.text('userPoolArn');
  const id = source.text('userPoolId');
  return arn?.split('/')[1] ?? id ?? source.requiredText('userPoolArn');
}

/** @type {(source: Foreign) => string[]} */
function oauthScopes(source) {
  const scopes = source.value('oauthScopes') ?? [];
  if (!Array.isArray(scopes)) throw new Error('`oauthScopes` is no list');
  if (scopes.includes('openid')) return scopes;
  source.note('`openid` was not in `oauthScopes`, and is now: without it there is no ID token');
  return ['openid', ...scopes];
}

/** @type {(group: string | undefined) => object} */
function requirement(group) {
  return group === undefined ? { allow: 'authenticated' } : { requires: { group } };
}

/** @type {(source: Foreign) => object} */
function signIn(source) {
  const paths = compact({
    redirectPathSignIn: source.text('redirectPathSignIn'),
    redirectPathAuthRefresh: source.text('redirectPathAuthRefresh'),
    signOutUrl: source.text('signOutUrl'),
    redirectPathSignOut: redirectPathSignOut(source),
  });
  const settings = source.value('cookieSettings') ?? {};
  return {
    cookieKey: { file: './cookie-key' },
    ...paths,
    ...compact({
      cookieSettings: cookieSettings(source, settings),
      attemptMaxAgeSeconds: attemptSeconds(source, settings),
      compatibleCookies: compatibleCookies(source),
    }),
  };
}

/** @type {(source: Foreign) => string | undefined} */
function redirectPathSignOut(source) {
  const path = source.text('redirectPathSignOut');
  if (path === undefined) return undefined;
  source.note(`whoever signs out comes to \`${path}\`, and is sent to sign in again there: leave \`redirectPathSignOut\` out for a page that says so, and allow \`https://<domain>/signout/done\` in the app client, or let anyone see \`${path}\``);
  return path;
}

/**
 * Attributes of cookies, as `Set-Cookie` has them, for each token; what they have in common is what we know.
 *
 * @param {Foreign} source
 * @param {Record<string, string | null>} settings
 */
function cookieSettings(source, settings) {
  const ofToken = attributes(settings.idToken ?? settings.accessToken ?? '');
  const domain = ofToken.get('domain')?.replace(/^\./, '');
  const path = ofToken.get('path') ?? '/';
  if (path !== '/') source.note(`\`Path=${path}\` in \`cookieSettings\` is not carried over: cookies are for all paths`);
  if (ofToken.has('max-age') || ofToken.has('expires')) {
    source.note('how long cookies last says `signIn.sessionMaxAgeSeconds`, which is a week if left out');
  }
  return compact({ domain, sameSite: sameSite(source, ofToken.get('samesite'), 'cookieSettings') });
}

/** @type {(text: string) => Map<string, string>} by names in lower case */
function attributes(text) {
  return new Map(text.split(';').map((part) => {
    const [name = '', value = ''] = part.trim().split(/=(.*)/s);
    return [name.toLowerCase(), value];
  }));
}

/** @type {(source: Foreign, settings: Record<string, string | null>) => number | undefined} */
function attemptSeconds(source, settings) {
  const given = source.value('nonceMaxAge') ?? attributes(settings.nonce ?? '').get('max-age');
  if (given === undefined) return undefined;
  const { least, most } = ATTEMPT_SECONDS;
  const seconds = Math.min(most, Math.max(least, Math.trunc(Number(given))));
  if (!Number.isFinite(seconds)) throw new Error('`nonceMaxAge` is no number of seconds');
  if (seconds !== Number(given)) source.note(`an attempt may take ${seconds} seconds instead of ${given}`);
  return seconds;
}

/** @type {(source: Foreign) => string[] | undefined} */
function compatibleCookies(source) {
  if (source.text('cookieCompatibility') !== 'elasticsearch') return ['cognito'];
  source.note('the cookies `ID-TOKEN` and so on (`cookieCompatibility`) are neither read nor set: everybody signs in once more');
  return undefined;
}
