// What a configuration asks of the distribution that it guards: what may be in the cache key and what must, which events
// call the function, what its role may do. Everything that deploys asks here, so that a distribution and its
// authorizer cannot disagree.

/** @typedef {import('./types.d.ts').DistributionNeeds} DistributionNeeds */
/** @typedef {import('./types.d.ts').Permission} Permission */

// The three sets that a cache behavior can have ("AllowedMethods" in the CloudFront API Reference).
const METHOD_SETS = [
  ['GET', 'HEAD'],
  ['GET', 'HEAD', 'OPTIONS'],
  ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
];

/** What a role needs for what `forward.sign.service` names ("Actions, resources, and condition keys for AWS services"). */
const ORIGIN_ACTIONS = /** @type {Record<string, { read: string[], write: string[] }>} */ ({
  s3: { read: ['s3:GetObject'], write: ['s3:PutObject', 's3:DeleteObject'] },
  lambda: { read: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], write: [] },
  'execute-api': { read: ['execute-api:Invoke'], write: [] },
  'medical-imaging': {
    read: [
      'medical-imaging:GetImageFrame',
      'medical-imaging:GetImageSetMetadata',
      'medical-imaging:GetDICOMInstance',
      'medical-imaging:GetDICOMInstanceFrames',
      'medical-imaging:GetDICOMInstanceMetadata',
      'medical-imaging:GetDICOMSeriesMetadata',
    ],
    write: [],
  },
});

/**
 * @param {any} configuration that was checked: nothing is validated here, and what is not known is left alone
 * @returns {DistributionNeeds}
 */
export function distributionNeeds(configuration) {
  const { authorization = 'on', rules = [], forward = {}, cors, signedCookies = {} } = configuration;
  const methods = rules.flatMap((/** @type {any} */ rule) => rule.match?.methods ?? []);
  const { sign } = forward;
  return {
    authorization,
    allowedMethods: methodSet([...methods, ...ownMethods(configuration)]),
    originRequest: originRequestOf(sign, methods),
    cacheKey: cacheKeyOf(sourcesOf(configuration), forward),
    // A function at origin-request sees a query only where all of it goes to the origin ("Restrictions on Lambda@Edge").
    forwardsWholeQuery: sign !== undefined,
    cors: cors === undefined ? null : corsOf(cors, sourcesOf(configuration)),
    signedCookies: Object.values(signedCookies).map(({ keyPairId, resource }) => ({ keyPairId, paths: pathsOf(resource) })),
    answersAt: answeringPaths(configuration),
    permissions: permissionsOf(configuration, methods),
    metrics: configuration.metrics === true ? { keySets: fetchedKeySets(configuration) } : null,
  };
}

/**
 * Providers whose keys are fetched: those that are in the configuration have no age.
 *
 * @param {any} configuration
 */
function fetchedKeySets({ providers = {} }) {
  const fetched = Object.entries(providers).filter(([, { jwks, secret }]) => jwks === undefined && secret === undefined);
  return fetched.map(([provider, { jwksMaxAgeSeconds = 3600 }]) => ({ provider, maxAgeSeconds: jwksMaxAgeSeconds }));
}

/**
 * Every place where some rule looks for a token.
 *
 * @param {any} configuration
 * @returns {{ header?: string, scheme?: string, query?: string, cookie?: string }[]}
 */
export function sourcesOf({ token, rules = [] }) {
  const own = rules.flatMap((/** @type {any} */ rule) => rule.token ?? []);
  return [...(token ?? [{ header: 'authorization', scheme: 'Bearer' }]), ...own];
}

/** @type {(methods: string[]) => string[]} the smallest set that has all of these */
function methodSet(methods) {
  const smallest = METHOD_SETS.find((set) => methods.every((method) => set.includes(method)));
  return smallest ?? METHOD_SETS[2];
}

/**
 * Methods of requests that the function answers itself, whatever the rules say: preflights, and forms of a site that lead to the
 * sign-out. Nothing of these goes to the origin.
 *
 * @param {any} configuration
 */
function ownMethods({ cors, signIn }) {
  return [...(cors === undefined ? [] : ['OPTIONS']), ...(signIn === undefined ? [] : ['POST'])];
}

/** @type {(sign: any, methods: string[]) => DistributionNeeds['originRequest']} */
function originRequestOf(sign, methods) {
  if (sign === undefined) return null;
  const { service, region = null, imageFramePath, unsignedPayload = false } = sign;
  const includeBody = sendsBodies(methods) && !unsignedPayload;
  return { service, region, includeBody, generatesFrames: imageFramePath !== undefined };
}

/**
 * The path pattern of a cache behavior for what signed cookies open: captures stand for anything.
 *
 * @param {string} [resource] `https://media.example/live/{channel}/*`
 */
function pathsOf(resource = '') {
  const path = /^[^/]*\/\/[^/]+(\/[^?]*)/.exec(resource)?.[1];
  return path === undefined ? [] : [pathPattern(path)];
}

/**
 * The path patterns at which the function itself answers: no other behavior may take these requests.
 *
 * @param {any} configuration
 */
function answeringPaths({ rules = [], signIn }) {
  const answering = rules.filter((/** @type {any} */ { respond }) => respond !== undefined);
  const ofRules = answering.map((/** @type {any} */ { match }) => pathPattern(match.path));
  const {
    redirectPathSignIn = '/parseauth',
    redirectPathAuthRefresh = '/refreshauth',
    signOutUrl = '/signout',
    redirectPathSignOut,
  } = signIn ?? {};
  const signingOut = [signOutUrl, `${signOutUrl}/done`, redirectPathSignOut ?? []].flat();
  // With several providers the name of one follows.
  const own = [redirectPathSignIn, `${redirectPathSignIn}/*`, redirectPathAuthRefresh, ...signingOut];
  const ofSignIn = signIn === undefined ? [] : own;
  return [...new Set([...ofRules, ...ofSignIn])];
}

/** @type {(path: string) => string} of a rule or a resource; captures stand for anything */
function pathPattern(path) {
  return path.replace(/\{[^}]*\}/g, '*').replace(/\*+/g, '*');
}

/** @type {(methods: string[]) => boolean} */
function sendsBodies(methods) {
  return methods.some((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
}

/**
 * What differs between viewers has to be in the cache key, or one is answered what was made for another; what only lets
 * a request pass must not be in it, or nothing is ever found in the cache.
 *
 * @param {ReturnType<typeof sourcesOf>} sources
 * @param {any} forward
 * @returns {DistributionNeeds['cacheKey']}
 */
function cacheKeyOf(sources, { stripCredentials = true, claimToHeaders = {}, claimsHeader, sign }) {
  const headers = new Set(Object.keys(claimToHeaders).map((name) => name.toLowerCase()));
  if (claimsHeader?.name !== undefined) headers.add(claimsHeader.name.toLowerCase());
  // The same frame in another transfer syntax is another answer.
  if (sign?.service === 'medical-imaging') headers.add('accept');
  const named = (/** @type {'header' | 'query' | 'cookie'} */ kind) => [
    ...new Set(sources.flatMap((source) => source[kind] ?? [])),
  ];
  if (stripCredentials) {
    return { headers: [...headers].sort(), cookies: [], queryStringsExcept: named('query').sort() };
  }
  // The origin gets the token, and may answer by it.
  for (const name of named('header')) headers.add(name.toLowerCase());
  return { headers: [...headers].sort(), cookies: named('cookie').sort(), queryStringsExcept: [] };
}

/** @type {(cors: any, sources: ReturnType<typeof sourcesOf>) => DistributionNeeds['cors']} */
function corsOf(cors, sources) {
  const { allowOrigins = [], allowMethods = ['GET', 'HEAD'], exposeHeaders = [], allowCredentials = false, maxAgeSeconds } = cors;
  const read = sources.flatMap(({ header }) => header ?? []).filter((name) => name !== 'cookie');
  const { allowHeaders = read.length > 0 ? read : ['authorization'] } = cors;
  const exposed = ['www-authenticate', ...exposeHeaders];
  return { allowOrigins, allowMethods, allowHeaders, exposeHeaders: exposed, allowCredentials, maxAgeSeconds };
}

/**
 * What the role of the function may do besides writing its log.
 *
 * @param {any} configuration
 * @param {string[]} methods
 * @returns {Permission[]}
 */
function permissionsOf({ forward = {}, uploads = {}, providers = {}, signedCookies = {}, signIn = {} }, methods) {
  const permissions = Object.values(uploads).map(({ bucket, key = '' }) => ({
    actions: ['s3:PutObject'],
    // The fixed beginning of the key, up to the first of its variables.
    resources: [`arn:aws:s3:::${bucket}/${key.split('{')[0]}*`],
  }));
  const keys = Object.values(signedCookies).map(({ privateKey }) => ({ secret: privateKey }));
  const clients = Object.values(providers).map((provider) => ({ secret: provider?.signIn?.clientSecret }));
  const cookieKeys = [signIn.cookieKey].flat().map((secret) => ({ secret }));
  const users = [...Object.values(providers), forward.claimsHeader, ...keys, ...clients, ...cookieKeys];
  const secrets = users.flatMap((user) => user?.secret ?? []);
  return [...permissions, ...originPermissions(forward.sign, methods), ...secrets.flatMap(secretPermissions)];
}

/**
 * The keys that a secret is encrypted with are not in the configuration: who has one of their own allows `kms:Decrypt`.
 *
 * @type {(secret: any) => Permission[]}
 */
function secretPermissions({ ssm, secretsManager, region = 'us-east-1' }) {
  const arn = (/** @type {string} */ id, /** @type {string} */ resource) =>
    id.startsWith('arn:') ? id : `arn:aws:${resource}`;
  if (ssm !== undefined) {
    // A version or a label is no part of the resource.
    const [name] = ssm.replace(/^\//, '').split(':');
    return [{ actions: ['ssm:GetParameter'], resources: [arn(ssm, `ssm:${region}:*:parameter/${name}`)] }];
  }
  if (secretsManager !== undefined) {
    // Six characters follow the name in an ARN.
    const resource = arn(secretsManager, `secretsmanager:${region}:*:secret:${secretsManager}-??????`);
    return [{ actions: ['secretsmanager:GetSecretValue'], resources: [resource] }];
  }
  return [];
}

/** @type {(action: string) => string[]} */
function ofVersion(action) {
  return action === 's3:PutObject' ? [] : [`${action}Version`];
}

/** @type {(sign: any, methods: string[]) => Permission[]} */
function originPermissions(sign, methods) {
  if (sign === undefined) return [];
  const { read, write } = ORIGIN_ACTIONS[sign.service] ?? { read: [`${sign.service}:*`], write: [] };
  const actions = sendsBodies(methods) ? [...read, ...write] : [...read];
  // "Required permissions for Amazon S3 API operations": a version is not the object.
  if (sign.service === 's3' && [sign.query].flat().includes('versionId')) actions.push(...actions.flatMap(ofVersion));
  // Which bucket, API or data store it is, the configuration does not say.
  return [{ actions, resources: null }];
}
