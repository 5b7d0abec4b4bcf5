/**
 * CloudFront's numbers and header lists, each with the page of the Amazon CloudFront Developer
 * Guide that it comes from.
 */

/**
 * "Quotas": maximum length of a request, headers and query string included, body excluded. Newer copies of that page say
 * 32,768: what passes here passes there in either case.
 */
export const MAX_REQUEST_BYTES = 20_480;

/** "Quotas": maximum length of a URL. */
export const MAX_URL_BYTES = 8_192;

/** "Quotas on Lambda@Edge": generated response, headers and body together. */
export const MAX_GENERATED_RESPONSE_BYTES = {
  'viewer-request': 40 * 1024,
  'origin-request': 1024 * 1024,
};

/** "Quotas on Lambda@Edge": what a function at origin-request sees of a body. */
export const MAX_SHOWN_BODY_BYTES = 1024 * 1024;

/** "Quotas on Lambda@Edge": function timeout. */
export const MAX_HANDLER_MILLISECONDS = 30_000;

/** "Request and response behavior for custom origins": HTTP methods. */
export const SUPPORTED_METHODS = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
]);

/** "Restrictions on edge functions", disallowed headers: functions neither see nor add them. */
const DISALLOWED_HEADERS = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'trailer',
  'upgrade',
  'x-accel-buffering',
  'x-accel-charset',
  'x-accel-limit-rate',
  'x-accel-redirect',
  'x-amzn-auth',
  'x-amzn-cf-billing',
  'x-amzn-cf-id',
  'x-amzn-cf-xff',
  'x-amzn-errortype',
  'x-amzn-fle-profile',
  'x-amzn-header-count',
  'x-amzn-header-order',
  'x-amzn-lambda-integration-tag',
  'x-amzn-requestid',
  'x-cache',
  'x-forwarded-proto',
  'x-real-ip',
]);
const DISALLOWED_PREFIXES = ['x-amz-cf-', 'x-edge-'];

/** "Restrictions on edge functions", read-only headers. */
export const READ_ONLY_HEADERS = {
  'viewer-request': ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'],
  'origin-request': [
    'accept-encoding',
    'cdn-loop',
    'content-length',
    'if-modified-since',
    'if-none-match',
    'if-range',
    'if-unmodified-since',
    'transfer-encoding',
    'via',
  ],
};

/**
 * @param {string} name a header name in any case
 * @returns {boolean} whether CloudFront keeps this header from functions
 */
export function isDisallowedHeader(name) {
  const lower = name.toLowerCase();
  return (
    DISALLOWED_HEADERS.has(lower) || DISALLOWED_PREFIXES.some((prefix) => lower.startsWith(prefix))
  );
}
