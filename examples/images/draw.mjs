// Draws the pictures of this example into `site/`: `node examples/images/draw.mjs` (Node.js 20.15
// or later, for zlib's crc32). The pictures are committed; this is needed only to change them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

/** @typedef {[red: number, green: number, blue: number]} Color from 0 to 255 */
/** @typedef {(x: number, y: number) => Color} Picture over a square from -1 to 1, y downwards */

/**
 * The head of Shepp and Logan, with which tomographs are tested: value, half axes, centre, angle
 * in degrees (with the contrast that is usual for showing it).
 */
const HEAD = [
  [1, 0.69, 0.92, 0, 0, 0],
  [-0.8, 0.6624, 0.874, 0, -0.0184, 0],
  [-0.2, 0.11, 0.31, 0.22, 0, -18],
  [-0.2, 0.16, 0.41, -0.22, 0, 18],
  [0.1, 0.21, 0.25, 0, 0.35, 0],
  [0.1, 0.046, 0.046, 0, 0.1, 0],
  [0.1, 0.046, 0.046, 0, -0.1, 0],
  [0.1, 0.046, 0.023, -0.08, -0.605, 0],
  [0.1, 0.023, 0.023, 0, -0.606, 0],
  [0.1, 0.023, 0.046, 0.06, -0.605, 0],
];

drawAll();

function drawAll() {
  write('public/logo.png', 160, logo);
  write('users/alice/portrait.png', 160, portrait([244, 196, 160], [92, 52, 30], [88, 150, 200]));
  write('users/alice/été 2024.png', 200, seaside);
  write('users/bob/portrait.png', 160, portrait([186, 128, 92], [30, 28, 34], [214, 140, 80]));
  write('team/radiology/frame-1.png', 256, scanFrame);
  write('admin/report.png', 200, report);
}

/** @type {Picture} a shield with a keyhole */
function logo(x, y) {
  const halfWidth = y < 0 ? 0.72 : 0.72 * Math.sqrt(Math.max(0, 1 - (y / 0.85) ** 2));
  if (Math.abs(x) > halfWidth || y < -0.75) return mix([250, 250, 252], [226, 234, 244], y);
  const isSlot = Math.abs(x) < 0.08 + y * 0.12 && y > 0 && y < 0.42;
  if (isSlot || Math.hypot(x, y + 0.15) < 0.2) return [250, 250, 252];
  return mix(x < 0 ? [38, 120, 190] : [28, 96, 164], [16, 52, 110], y);
}

/** @type {(skin: Color, hair: Color, back: Color) => Picture} */
function portrait(skin, hair, back) {
  return (x, y) => {
    const isEye = Math.hypot(Math.abs(x) - 0.2, y + 0.05) < 0.06;
    const isMouth = Math.abs(Math.hypot(x, y - 0.12) - 0.22) < 0.03 && y > 0.2;
    const isFace = Math.hypot(x / 0.48, (y - 0.02) / 0.58) < 1;
    const isFringe = y < -0.28 + 0.1 * Math.cos(x * 6);
    if (isFace && (isEye || isMouth)) return [70, 40, 36];
    if (isFace && !isFringe) return mix(skin, hair, y - 0.8);
    if (Math.hypot(x / 0.58, (y + 0.08) / 0.66) < 1 && y < 0.3) return hair;
    if (Math.hypot(x / 0.75, (y - 1.1) / 0.6) < 1) return mix([250, 250, 250], back, y - 0.5);
    return mix([246, 248, 250], back, y);
  };
}

/** @type {Picture} the sun over the sea, and a sail */
function seaside(x, y) {
  const isSail = x > 0.2 && x < 0.2 + (y + 0.45) * 0.5 && y > -0.45 && y < 0.22;
  if (isSail) return [252, 250, 244];
  if (Math.abs(x - 0.28) < 0.26 - (y - 0.25) * 0.8 && y > 0.25 && y < 0.34) return [120, 62, 40];
  if (y > 0.28) return mix([60, 140, 170], [16, 60, 110], y + 0.04 * Math.sin(x * 18 + y * 40));
  if (Math.hypot(x + 0.45, y + 0.1) < 0.24) return [255, 226, 140];
  return mix([96, 150, 206], [255, 190, 130], y * 1.4 + 0.5);
}

/** @type {Picture} */
function scanFrame(x, y) {
  let value = 0;
  for (const [density, a, b, centreX, centreY, degrees] of HEAD) {
    const angle = (degrees * Math.PI) / 180;
    const [dx, dy] = [x - centreX, -y - centreY];
    const along = dx * Math.cos(angle) + dy * Math.sin(angle);
    const across = dy * Math.cos(angle) - dx * Math.sin(angle);
    if ((along / a) ** 2 + (across / b) ** 2 <= 1) value += density;
  }
  const grey = Math.min(255, Math.max(0, 12 + value * 236));
  return [grey, grey, grey];
}

/** @type {Picture} bars over weeks, with a line of what was hoped for */
function report(x, y) {
  const heights = [0.35, 0.55, 0.5, 0.8, 1.05, 1.3];
  const place = (x + 0.85) / 0.3;
  const bar = Math.floor(place);
  const isBar = bar >= 0 && bar < heights.length && place - bar < 0.7;
  if (Math.abs(y - 0.8) < 0.012 && Math.abs(x) < 0.92) return [60, 66, 80];
  if (Math.abs(y - (0.5 - (x + 1) * 0.55)) < 0.02 && Math.abs(x) < 0.85) return [220, 110, 60];
  if (isBar && y < 0.78 && y > 0.78 - heights[bar]) return mix([120, 180, 220], [40, 96, 160], y);
  return Math.abs((y + 1) % 0.4) < 0.012 ? [226, 230, 236] : [250, 250, 252];
}

/** @type {(from: Color, to: Color, y: number) => Color} from y = -1 to y = 1 */
function mix(from, to, y) {
  const share = Math.min(1, Math.max(0, (y + 1) / 2));
  return [0, 1, 2].map((part) => from[part] + (to[part] - from[part]) * share);
}

/** @type {(name: string, size: number, picture: Picture) => void} */
function write(name, size, picture) {
  const file = fileURLToPath(new URL(`site/${encodeURI(name)}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, png(size, sample(size, picture)));
}

/** @type {(size: number, picture: Picture) => Color[][]} rows of pixels, each of 3 × 3 points */
function sample(size, picture) {
  const points = [1, 3, 5].flatMap((dy) => [1, 3, 5].map((dx) => [dx / 6, dy / 6]));
  const at = (/** @type {number} */ place) => (place / size) * 2 - 1;
  const pixel = (/** @type {number} */ column, /** @type {number} */ row) => {
    const colors = points.map(([dx, dy]) => picture(at(column + dx), at(row + dy)));
    return [0, 1, 2].map((part) =>
      Math.round(colors.reduce((sum, color) => sum + color[part], 0) / points.length),
    );
  };
  const range = Array.from({ length: size }, (_, index) => index);
  return range.map((row) => range.map((column) => pixel(column, row)));
}

/** @type {(size: number, rows: Color[][]) => Buffer} PNG (W3C Recommendation), 8 bits RGB */
function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const lines = rows.map((row, index) => {
    const above = index === 0 ? row.map(() => [0, 0, 0]) : rows[index - 1];
    // Filter type 2, "Up": each byte less the one above it.
    const less = (/** @type {Color} */ color, /** @type {number} */ column) =>
      color.map((value, part) => (value - above[column][part]) & 255);
    return [2, ...row.flatMap(less)];
  });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(lines.flat()), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @type {(type: string, data: Buffer) => Buffer} */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
