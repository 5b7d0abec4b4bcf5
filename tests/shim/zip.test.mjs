import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readZip, writeZip } from '../../scripts/zip.mjs';

/** @param {Record<string, string>} files */
function entries(files) {
  return Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) }));
}

test('what was written is read again, in order of names', async () => {
  const long = 'b'.repeat(10_000);
  const files = { 'lib/b.mjs': long, 'a.json': '{}', 'lib/é.txt': '', 'lib/a.mjs': 'x' };
  const read = readZip((await writeZip(entries(files))).zip);
  assert.deepEqual(
    read.map(({ name }) => name),
    ['a.json', 'lib/a.mjs', 'lib/b.mjs', 'lib/é.txt'],
  );
  const texts = read.map(({ name, content }) => [name, content.toString()]);
  assert.deepEqual(Object.fromEntries(texts), files);
});

test('the same entries give the same bytes, whatever their order', async () => {
  const files = entries({ a: 'first', b: 'second', c: 'third'.repeat(100) });
  assert.deepEqual(await writeZip(files), await writeZip([...files].reverse()));
});

test('the bytes are those of the format', async () => {
  // Hand-made from APPNOTE.TXT 4.3: local header, name, data; central header, name; last record.
  // 3610a686 is the CRC-32 of `hello`, which is stored, because deflate makes it longer.
  const common = '1400 0008 0000 0000 2100 86a61036 05000000 05000000 0100 0000';
  const expected = [
    `504b0304 ${common} 61 68656c6c6f`,
    `504b0102 1403 ${common} 0000 0000 0000 0000a481 00000000 61`,
    '504b0506 0000 0000 0100 0100 2f000000 24000000 0000',
  ].join('');
  const { zip } = await writeZip(entries({ a: 'hello' }));
  assert.equal(zip.toString('hex'), expected.replaceAll(' ', ''));
});

test('the sizes of the parts and of the last record add up', async () => {
  const { zip, packed } = await writeZip(entries({ a: 'first', 'b/c': 'x'.repeat(1000) }));
  const parts = [...packed.values()].reduce((sum, bytes) => sum + bytes, 0);
  assert.equal(parts + 22, zip.length);
});

for (const name of ['../a', 'a/../b', '/a', 'a//b', './a', 'a\\b', 'C:a', 'a/']) {
  test(`a name that leads elsewhere is neither written nor read: ${JSON.stringify(name)}`, async () => {
    await assert.rejects(writeZip(entries({ [name]: 'x' })), /plain relative path/);
    const harmless = 'n'.repeat(name.length);
    const { zip } = await writeZip(entries({ [harmless]: 'x' }));
    const forged = Buffer.from(zip.toString('latin1').replaceAll(harmless, name), 'latin1');
    assert.throws(() => readZip(forged), /plain relative path/);
  });
}

test('a name that is there twice is not written', async () => {
  const twice = [...entries({ a: '1' }), ...entries({ a: '2' })];
  await assert.rejects(writeZip(twice), /`a` would be in the zip twice/);
});

test('damage is noticed', async () => {
  const { zip } = await writeZip(entries({ a: 'hello' }));
  const damaged = Buffer.from(zip);
  damaged[31] ^= 1; // the first byte of the content
  assert.throws(() => readZip(damaged), /`a` is damaged/);
  assert.throws(() => readZip(zip.subarray(0, -1)), /not a zip file/);
  assert.throws(() => readZip(Buffer.alloc(0)), /not a zip file/);
});
