import { createHash, X509Certificate } from 'node:crypto';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { selfSignedCertificate } from '../../shim/support/certificate.mjs';

/** The domain whose hosts are on this machine, for the browser. */
export const DOMAIN = 'site.test';

/** A certificate for all that the browser sees over https; its host is not looked at. */
export const CERTIFICATE = selfSignedCertificate({ host: `*.${DOMAIN}` });

/** The one program of this file of tests: to start it takes longer than most tests. @type {ReturnType<typeof launch> | undefined} */
let launched;
after(async () => (await launched)?.close());

/** @returns {Promise<import('playwright-core').Browser>} Chromium, which sees loopback and nothing else of the network */
export function startChromium() {
  launched ??= launch();
  return launched;
}

async function launch() {
  const executablePath = process.env.EDGE_AUTHORIZER_CHROMIUM;
  if (!executablePath) throw new Error('EDGE_AUTHORIZER_CHROMIUM names no Chromium; `./build.sh test` sets it');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/**
 * Parts of Chromium that are off. The list under its address bar is a page of its own, loaded for each window, and a process is kept
 * ready for each next page: both took longer than the tests. The switch replaces the one that Playwright gives: the others are those
 * of its list that change what pages do.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
];

const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF}`,
  `--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1, MAP elsewhere.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
  // As if an authority had issued it: pages with errors of certificates are not cached, for one thing.
  `--ignore-certificate-errors-spki-list=${hashOfPublicKey(CERTIFICATE.cert)}`,
];

/** @param {string} certificate */
function hashOfPublicKey(certificate) {
  const { publicKey } = new X509Certificate(certificate);
  return createHash('sha256').update(publicKey.export({ format: 'der', type: 'spki' })).digest('base64');
}
