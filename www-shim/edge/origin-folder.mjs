import { constants, createReadStream } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { selectPart } from './conditional.mjs';
import { contentType } from './content-types.mjs';

/** @typedef {import('./types.d.ts').Origin} Origin */
/** @typedef {import('./types.d.ts').OriginRequest} OriginRequest */
/** @typedef {import('./types.d.ts').OriginResponse} OriginResponse */

/**
 * An origin that serves the files of a folder: GET and HEAD, no listings, nothing outside; for `/` its `index.html`, as with
 * CloudFront's default root object.
 *
 * @param {string} folder
 * @returns {Promise<Origin>}
 * @throws {Error} where there is no such folder
 */
export async function folderOrigin(folder) {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new Error(`origin \`${folder}\` is not a folder`);
  const root = await realpath(folder);
  return (request) => serveFile(root, request);
}

/** @type {(root: string, request: OriginRequest) => Promise<OriginResponse>} */
async function serveFile(root, request) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plain(405, 'a folder answers GET and HEAD only', { allow: 'GET, HEAD' });
  }
  const segments = pathSegments(request.uri === '/' ? '/index.html' : request.uri);
  if (segments === null) return plain(400, 'the path is not valid for a file');
  const file = await insideRoot(root, segments);
  if (file === 'outside') return plain(403, 'the file is outside of the origin folder');
  if (file === null) return plain(404, 'there is no such file');
  return sendFile(file, request);
}

/**
 * Decodes once, as S3 does; a segment that could leave the folder, or mean something else to the
 * file system than to the authorizer, is refused.
 *
 * @param {string} uri
 * @returns {string[] | null}
 */
function pathSegments(uri) {
  let segments;
  try {
    segments = uri.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
  return segments.some((segment) => /^\.\.?$|[/\\\0]/.test(segment)) ? null : segments;
}

/**
 * @param {string} root
 * @param {string[]} segments
 * @returns {Promise<string | 'outside' | null>} the file's real path; links that lead out of the
 *   folder are not followed
 */
async function insideRoot(root, segments) {
  // S3 keys are exact: `a//b` and `a/b/` are not `a/b`.
  if (segments.includes('')) return null;
  try {
    const file = await realpath(join(root, ...segments));
    return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : 'outside';
  } catch {
    return null;
  }
}

/** @type {(file: string, request: OriginRequest) => Promise<OriginResponse>} */
async function sendFile(file, request) {
  const stats = await stat(file);
  if (!stats.isFile()) return plain(404, 'there is no such file');
  if (!(await isReadable(file))) return plain(403, 'the file cannot be read');
  const validators = {
    etag: `"${stats.size.toString(16)}-${Math.trunc(stats.mtimeMs).toString(16)}"`,
    lastModified: stats.mtime.toUTCString(),
  };
  const part = selectPart(request.headers, { size: stats.size, ...validators });
  return partOfFile(file, part, request.method, {
    'accept-ranges': 'bytes',
    etag: validators.etag,
    'last-modified': validators.lastModified,
  });
}

/**
 * @param {string} file
 * @param {ReturnType<typeof selectPart>} part
 * @param {string} method
 * @param {Record<string, string>} headers
 * @returns {OriginResponse}
 */
function partOfFile(file, part, method, headers) {
  if (part.status === 304) return { status: 304, headers, body: null };
  if (part.status === 416) {
    return plain(416, 'the range is outside of the file', { 'content-range': part.contentRange });
  }
  const { status, start, end } = part;
  const hasBody = method === 'GET' && start < end;
  return {
    status,
    headers: {
      ...headers,
      'content-type': contentType(file),
      'content-length': String(end - start),
      ...(part.status === 206 ? { 'content-range': part.contentRange } : {}),
    },
    body: hasBody ? createReadStream(file, { start, end: end - 1 }) : null,
  };
}

/** @type {(file: string) => Promise<boolean>} */
function isReadable(file) {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** @type {(status: number, text: string, headers?: Record<string, string>) => OriginResponse} */
function plain(status, text, headers = {}) {
  const body = `${status} ${text}\n`;
  return {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    body,
  };
}
