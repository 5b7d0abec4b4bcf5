import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cachedOrigin } from '../edge/cache.mjs';
import { startDevelopmentIssuer } from '../edge/issuer.mjs';
import { listen, stop } from '../edge/listen.mjs';
import { folderOrigin } from '../edge/origin-folder.mjs';
import { originWithFunction } from '../edge/origin-function.mjs';
import { urlOrigin } from '../edge/origin-url.mjs';
import { createEdge } from '../edge/server.mjs';
import { STATUS_PATH } from '../edge/status.mjs';
import { checkConfiguration, reportText } from './check.mjs';
import { developmentProviders } from './development-providers.mjs';
import { developmentUsers, elsewhereSignedIn, makeCookieKeys } from './development-sign-in.mjs';
import { UsageError } from './errors.mjs';
import { readJson, readText } from './files.mjs';
import { handlerFromFolder, handlerFromSource } from './handlers.mjs';
import { numberOption } from './options.mjs';
import { parseSampleRequests, sampleText } from './sample-requests.mjs';

/** @typedef {import('./types.d.ts').Command} Command */
/** @typedef {import('./handlers.mjs').LocalHandler} LocalHandler */
/** @typedef {import('./types.d.ts').Values} Values */
/** @typedef {import('../edge/server.mjs').Edge} Edge */
/** @typedef {import('../edge/types.d.ts').Origin} Origin */
/** @typedef {import('./sample-requests.mjs').SampleProvider} SampleProvider */

const DEFAULT_PORT = 8080;

/** @type {Command} */
export const serve = {
  about: 'run the local edge: CloudFront with the authorizer, on this machine',
  usage: ['--config FILE [--origin FOLDER|URL] [--port 8080] [--development-issuer]'],
  options: {
    config: { type: 'string', value: 'FILE', help: 'the configuration', required: true },
    origin: { type: 'string', value: 'FOLDER|URL', help: 'default: `site` by the configuration' },
    port: { type: 'string', value: 'PORT', help: `default ${DEFAULT_PORT}; 0 for any free one` },
    handler: { type: 'string', value: 'FOLDER', help: 'run the handler of an unpacked zip' },
    'development-issuer': { type: 'boolean', help: 'be each issuer on loopback: keys, and signing in' },
    users: { type: 'string', value: 'FILE', help: 'who can sign in there; default: `users.json` by the configuration' },
    requests: { type: 'string', value: 'FILE', help: 'to print curl lines for; default: `requests.json` there' },
    key: { type: 'string', value: 'FILE', help: 'keep the development key there, for `token`' },
    'cache-key': { type: 'string', value: 'KEY', help: '`path-and-query` (default) or `path`' },
    'no-cache': { type: 'boolean', help: 'ask the origin each time' },
    'forward-authorization': { type: 'boolean', help: 'keep Authorization before the origin' },
  },
  run: async (values, io) => {
    const port = portFrom(values);
    const configText = readText(values.config, 'configuration');
    const wantsIssuer = values['development-issuer'] === true;
    const cookieKeys = wantsIssuer ? makeCookieKeys(values.config, configText) : [];
    const report = await checkConfiguration(values.config);
    if (report.errors.length > 0) {
      io.err(reportText(values.config, report));
      return 1;
    }
    const requests = requestsFrom(values);
    const print = (/** @type {string} */ line) => io.out(`${line}\n`);
    const local = await handlerFrom(values, configText, print);
    const edge = {
      ...local,
      origin: await originFrom(values, signs(configText) ? local.handler : undefined),
      forwardAuthorization: values['forward-authorization'] === true,
      log: print,
      color: io.color,
    };
    const providers = wantsIssuer ? providersFrom(values, configText) : [];
    const issuer = await startDevelopmentIssuer(providers).catch((error) => {
      throw new Error(`development issuer: ${error.message} (its address is the \`jwksUri\` or \`issuer\`)`);
    });
    try {
      await runUntilStopped(edge, port, (url) => {
        io.out(banner(url, { urls: issuer.urls, providers, cookieKeys, elsewhere: elsewhereSignedIn(configText) }, values));
        io.out(sampleText(requests, providers, { url, now: Date.now() / 1000 }));
      });
    } finally {
      await issuer.stop();
    }
    io.out('stopped\n');
    return 0;
  },
};

/** @type {(edge: Edge, port: number, started: (url: string) => void) => Promise<void>} */
async function runUntilStopped(edge, port, started) {
  const server = createEdge(edge);
  const signal = stopSignal();
  const url = await listen(server, port).catch((error) => {
    throw new Error(`local edge: ${error.message} with \`--port\``);
  });
  started(url);
  await signal;
  await stop(server);
}

/** @type {() => Promise<void>} resolves once; a second signal ends the process at once */
function stopSignal() {
  return new Promise((resolve) => {
    const stopNow = () => {
      process.off('SIGINT', stopNow);
      process.off('SIGTERM', stopNow);
      resolve();
    };
    process.on('SIGINT', stopNow);
    process.on('SIGTERM', stopNow);
  });
}

/** @type {(values: Values) => number} */
function portFrom(values) {
  const port = numberOption(values, 'port') ?? DEFAULT_PORT;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`option \`--port\` takes a number from 0 to 65535, not \`${port}\``);
}

/** @type {(values: any, configText: string, print: Edge['log']) => Promise<LocalHandler>} */
async function handlerFrom({ handler, config }, configText, print) {
  if (handler !== undefined) return handlerFromFolder(handler, print);
  return handlerFromSource(configText, dirname(resolve(config)), print);
}

/** @type {(configText: string) => boolean} whether the function is for origin-request, too */
function signs(configText) {
  return JSON.parse(configText).forward?.sign !== undefined;
}

/** @type {(values: any, originHandler?: LocalHandler['handler']) => Promise<Edge['origin']>} */
async function originFrom(values, originHandler) {
  const key = values['cache-key'] ?? 'path-and-query';
  if (key !== 'path' && key !== 'path-and-query') {
    const known = '`path` or `path-and-query`';
    throw new UsageError(`option \`--cache-key\` takes ${known}, not \`${key}\``);
  }
  const text = originText(values);
  const origin = await originOf(text, originHandler);
  if (!values['no-cache']) return cachedOrigin(origin, { key });
  return async (request) => ({ ...(await origin(request)), cache: 'Miss' });
}

/** @type {(text: string, originHandler?: LocalHandler['handler']) => Promise<Origin>} */
async function originOf(text, originHandler) {
  if (/^\w+:\/\//.test(text)) {
    const origin = urlOrigin(text);
    return originHandler ? originWithFunction(originHandler, origin) : origin;
  }
  if (originHandler) throw new UsageError('`forward.sign` is for an origin with a URL: name one with `--origin URL`');
  return folderOrigin(text);
}

/** @type {(values: any) => string} */
function originText({ origin, config }) {
  if (origin !== undefined) return origin;
  const site = join(dirname(config), 'site');
  if (statSync(site, { throwIfNoEntry: false })?.isDirectory()) return site;
  throw new UsageError('option `--origin FOLDER|URL` is missing, and there is no folder `site`');
}

/** @type {(values: any, configText: string) => SampleProvider[]} */
function providersFrom(values, configText) {
  const users = developmentUsers(fileFrom(values, 'users'));
  return developmentProviders(configText, { configFolder: dirname(resolve(values.config)), users, keyFile: values.key });
}

/** @type {(values: any, name: 'requests' | 'users') => string | undefined} the file of an option, or that by the configuration */
function fileFrom(values, name) {
  const beside = join(dirname(values.config), `${name}.json`);
  return values[name] ?? (existsSync(beside) ? beside : undefined);
}

/** @type {(values: any) => import('./sample-requests.mjs').SampleRequest[]} */
function requestsFrom(values) {
  const requests = fileFrom(values, 'requests');
  if (requests === undefined) return [];
  try {
    return parseSampleRequests(readJson(requests, 'requests'));
  } catch (error) {
    throw new Error(`requests \`${requests}\`: ${/** @type {Error} */ (error).message}`);
  }
}

/** @typedef {{ urls: string[], providers: SampleProvider[], cookieKeys: string[], elsewhere: string[] }} Made for development, at the start */

/** @type {(url: string, made: Made, values: any) => string} */
function banner(url, { urls, providers, cookieKeys, elsewhere }, values) {
  const rows = [
    ['local edge', url],
    ['status', `${url}${STATUS_PATH}`],
    ['configuration', `${values.config} (an edited one counts when this is started again)`],
    ['handler', values.handler ?? 'from source'],
    ['origin', originText(values)],
    ...urls.map((issuer) => ['issuer', `${issuer} (development keys, made now)`]),
    ...cookieKeys.map((file) => ['cookie key', `${file} (made now, since it was not there)`]),
  ];
  if (values['development-issuer'] && urls.length === 0) {
    rows.push(['issuer', 'none: no provider has a `jwksUri` with http on loopback, nor an `issuer` there to sign in with']);
  }
  const users = new Set(providers.flatMap(({ client }) => client?.users.map(({ title }) => title) ?? []));
  if (users.size > 0) {
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(users);
    rows.push(['sign-in', `open ${url}/ in a browser, and sign in as ${names}`]);
  }
  if (values['development-issuer']) {
    const why = 'has an `issuer` that is not http on loopback: the development issuer does not take its place';
    rows.push(...elsewhere.map((name) => ['no sign-in', `provider \`${name}\` ${why}`]));
  }
  const lines = rows.map(([name, value]) => `${name.padEnd(14)} ${value}\n`);
  return `${lines.join('')}${'stop it'.padEnd(14)} Ctrl-C\n`;
}
