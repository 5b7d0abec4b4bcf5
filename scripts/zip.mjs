// A ZIP file, written and read: no tool for it is sure to be there on a fresh machine. Only what
// our bundles need of PKWARE's APPNOTE.TXT 6.3: files (no folders, links or encryption) of less
// than 4 GB, stored or deflated. The same entries always give the same bytes: sorted, with one
// fixed time and one mode.

import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** @typedef {{ name: string, content: Buffer }} ZipEntry */
/** @typedef {(content: Buffer) => Uint8Array | Promise<Uint8Array>} Deflate makes raw DEFLATE data (RFC 1951) */

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;

const VERSION = 20; // APPNOTE 4.4.3.2: deflate
const MADE_BY_UNIX = 3 << 8; // APPNOTE 4.4.2.2: external attributes hold a Unix mode, upper half
const UTF8_NAMES = 1 << 11; // APPNOTE 4.4.4
const STORED = 0;
const DEFLATED = 8;
const MIDNIGHT = 0; // APPNOTE 4.4.6: MS-DOS time
const FIRST_OF_1980 = (1 << 5) | 1; // the first day that an MS-DOS date can tell
const READABLE_FILE = 0o100644 * 0x10000;

/**
 * Writes a ZIP file.
 *
 * @param {ZipEntry[]} entries
 * @param {Deflate} [deflate] zlib unless given
 * @returns {Promise<{ zip: Buffer, packed: Map<string, number> }>} the file, and each entry's bytes in it
 */
export async function writeZip(entries, deflate = (content) => deflateRawSync(content, { level: 9 })) {
  const packed = new Map();
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const { name, content } of [...entries].sort(byName)) {
    if (packed.has(name)) throw new Error(`\`${name}\` would be in the zip twice`);
    const deflated = await deflate(content);
    const isSmaller = deflated.length < content.length;
    const data = isSmaller ? deflated : content;
    const description = describe(isSmaller ? DEFLATED : STORED, data.length, name, content);
    const local = Buffer.concat([uint32(LOCAL_HEADER), description, Buffer.from(name), data]);
    const central = centralHeader(description, offset, name);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
    packed.set(name, local.length + central.length);
  }
  const directory = Buffer.concat(centrals);
  const last = end(centrals.length, directory.length, offset);
  return { zip: Buffer.concat([...locals, directory, last]), packed };
}

/**
 * Reads a ZIP file that {@link writeZip} could have written; anything else is an error.
 *
 * @param {Buffer} zip
 * @returns {ZipEntry[]}
 */
export function readZip(zip) {
  const endAt = zip.length - 22;
  if (endAt < 0 || zip.readUInt32LE(endAt) !== END_OF_CENTRAL_DIRECTORY) {
    throw new Error('this is not a zip file, or one with a comment');
  }
  const entries = [];
  let at = zip.readUInt32LE(endAt + 16);
  for (let left = zip.readUInt16LE(endAt + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error('the zip has a broken directory');
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, nameEnd);
    entries.push({ name: plainName(name), content: readContent(zip, at, name) });
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Refuses names that lead out of the folder that a zip is unpacked into.
 *
 * @param {string} name
 * @returns {string} the same name
 */
export function plainName(name) {
  const parts = name.split('/');
  if (/[\\\0:]/.test(name) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error(`\`${name}\` cannot be in a zip: a plain relative path with \`/\` is needed`);
  }
  return name;
}

/**
 * @param {ZipEntry} a
 * @param {ZipEntry} b
 */
function byName(a, b) {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

/**
 * What the local and the central header of an entry have in common (APPNOTE 4.3.7, from "version
 * needed to extract" on).
 *
 * @param {number} method
 * @param {number} packedSize
 * @param {string} name
 * @param {Buffer} content
 */
function describe(method, packedSize, name, content) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt16LE(MIDNIGHT, 6);
  fields.writeUInt16LE(FIRST_OF_1980, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packedSize, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(plainName(name)), 22);
  return fields;
}

/**
 * @param {Buffer} description
 * @param {number} offset where the entry's local header begins
 * @param {string} name
 */
function centralHeader(description, offset, name) {
  const before = Buffer.alloc(6);
  before.writeUInt32LE(CENTRAL_HEADER, 0);
  before.writeUInt16LE(MADE_BY_UNIX | VERSION, 4);
  const after = Buffer.alloc(14); // comment length, disk number, internal attributes: all 0
  after.writeUInt32LE(READABLE_FILE, 6);
  after.writeUInt32LE(offset, 10);
  return Buffer.concat([before, description, after, Buffer.from(name)]);
}

/**
 * @param {number} count
 * @param {number} size of the central directory
 * @param {number} offset of the central directory
 */
function end(count, size, offset) {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(END_OF_CENTRAL_DIRECTORY, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

/**
 * @param {Buffer} zip
 * @param {number} at where the entry's central header begins
 * @param {string} name
 */
function readContent(zip, at, name) {
  const local = zip.readUInt32LE(at + 42);
  const dataAt = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const data = zip.subarray(dataAt, dataAt + zip.readUInt32LE(at + 20));
  const method = zip.readUInt16LE(at + 10);
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`\`${name}\` is packed by method ${method}; deflate (8) is needed`);
  }
  const content = method === DEFLATED ? inflateRawSync(data) : data;
  const isWhole = content.length === zip.readUInt32LE(at + 24);
  if (!isWhole || crc32(content) !== zip.readUInt32LE(at + 16)) {
    throw new Error(`\`${name}\` is damaged in the zip`);
  }
  return content;
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * CRC-32 as ZIP uses it (APPNOTE 4.4.7). `node:zlib` has it only since Node.js 20.15.
 *
 * @param {Buffer} bytes
 */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
