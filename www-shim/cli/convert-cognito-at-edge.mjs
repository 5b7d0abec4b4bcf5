import { compact, EVERY_PATH, logLevel, sameSite } from './foreign.mjs';

/** @typedef {import('./foreign.mjs').Converted} Converted */
/** @typedef {import('./foreign.mjs').Foreign} Foreign */

const DAY_SECONDS = 24 * 3600;
/** What cognito-at-edge has where nothing is said, and the most that `sessionMaxAgeSeconds` allows. */
const YEAR_DAYS = 365;

/**
 * The parameters of cognito-at-edge's `Authenticator`, as JSON.
 *
 * @param {Foreign} source
 * @returns {Converted}
 */
export function fromCognitoAtEdge(source) {
  const userPoolId = source.requiredText('userPoolId');
  const clientSecret = source.text('userPoolAppSecret');
  source.pass(['region', 'csrfProtection', 'disableCookieDomain']);
  source.drop('cookiePath', 'cookies are for all paths');
  source.drop('cookieSettingsOverrides', 'a session is one cookie, or several with the same attributes');
  if (source.value('httpOnly') !== true) {
    source.note('scripts of the page cannot read the tokens any more: cookies are sealed and `HttpOnly`');
  }
  const configuration = {
    providers: {
      cognito: {
        userPoolId,
        tokenUse: 'id',
        clientId: source.requiredText('userPoolAppId'),
        signIn: {
          domain: source.requiredText('userPoolDomain'),
          ...(clientSecret === undefined ? {} : { clientSecret: { file: './client-secret' } }),
        },
      },
    },
    signIn: {
      cookieKey: { file: './cookie-key' },
      ...compact({ redirectPathSignIn: redirectPath(source), ...signOut(source) }),
      ...compact({ cookieSettings: cookieSettings(source) }),
      sessionMaxAgeSeconds: sessionSeconds(source),
      compatibleCookies: ['cognito'],
    },
    rules: Object.entries(EVERY_PATH).map(([name, path]) => ({ name, match: { path }, allow: 'authenticated' })),
    logLevel: logLevel(source.text('logLevel')),
  };
  source.note('only the scope `openid` is asked for: others of the app client have to stand in `oauthScopes`');
  source.note('GET and HEAD pass: where the site takes other methods, name all of them in `match.methods` of the rules');
  return source.finished({ configuration, clientSecret });
}

/** @type {(source: Foreign) => string | undefined} */
function redirectPath(source) {
  const path = source.text('parseAuthPath');
  if (path !== undefined) return path.startsWith('/') ? path : `/${path}`;
  source.note('allow the callback URL `https://<domain>/parseauth` in the app client: it was the domain itself');
  return undefined;
}

/** @type {(source: Foreign) => { signOutUrl?: string, redirectPathSignOut?: string }} */
function signOut(source) {
  const { logoutUri, logoutRedirectUri } = source.value('logoutConfiguration') ?? {};
  if (logoutUri === undefined) {
    source.note('there is a sign-out now, at `/signout`: allow the sign-out URL `https://<domain>/signout/done` in the app client');
    return {};
  }
  const isPath = typeof logoutRedirectUri === 'string' && logoutRedirectUri.startsWith('/');
  if (isPath) return { signOutUrl: logoutUri, redirectPathSignOut: logoutRedirectUri };
  if (logoutRedirectUri !== undefined) {
    source.note('`logoutConfiguration.logoutRedirectUri` is not carried over: it is no path of this site');
  }
  source.note(`whoever signs out comes to \`${logoutUri}/done\`: allow the sign-out URL \`https://<domain>${logoutUri}/done\` in the app client`);
  return { signOutUrl: logoutUri };
}

/** @type {(source: Foreign) => object | undefined} */
function cookieSettings(source) {
  const domain = source.text('cookieDomain')?.replace(/^\./, '');
  return compact({ domain, sameSite: sameSite(source, source.text('sameSite'), 'sameSite') });
}

/** @type {(source: Foreign) => number} */
function sessionSeconds(source) {
  const days = source.value('cookieExpirationDays') ?? YEAR_DAYS;
  if (typeof days !== 'number' || !(days > 0)) throw new Error('`cookieExpirationDays` is no number of days');
  if (days > YEAR_DAYS) source.note(`sessions last ${YEAR_DAYS} days instead of ${days}`);
  return Math.max(60, Math.trunc(Math.min(days, YEAR_DAYS) * DAY_SECONDS));
}
