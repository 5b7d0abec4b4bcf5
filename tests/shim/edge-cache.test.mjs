import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OBJECTS, MAX_OBJECT_BYTES, cachedOrigin } from '../../www-shim/edge/cache.mjs';

/** @typedef {import('../../www-shim/edge/cache.mjs').CacheKey} CacheKey */
/** @typedef {import('../../www-shim/edge/types.d.ts').OriginResponse} OriginResponse */

/**
 * @param {{ key?: CacheKey, response?: Partial<OriginResponse> }} [options]
 */
function cacheWithCounter({ key, response = {} } = {}) {
  const clock = { milliseconds: 0, asked: 0 };
  const fetchThroughCache = cachedOrigin(
    async ({ uri, querystring }) => {
      clock.asked += 1;
      const body = `${uri}?${querystring}`;
      const headers = { 'content-length': String(body.length), etag: '"1"' };
      return { status: 200, body, ...response, headers: { ...headers, ...response.headers } };
    },
    { key, now: () => clock.milliseconds },
  );
  /**
   * @param {string} target
   * @param {{ method?: string, headers?: Record<string, string> }} [request]
   */
  const ask = async (target, { method = 'GET', headers = {} } = {}) => {
    const [uri = '', querystring = ''] = target.split('?');
    const entries = Object.entries(headers).map(([name, value]) => [name, [{ value }]]);
    const answer = await fetchThroughCache({
      method,
      uri,
      querystring,
      headers: Object.fromEntries(entries),
      body: null,
      clientIp: '203.0.113.9',
      requestId: 'r',
    });
    return { ...answer, body: String(answer.body ?? '') };
  };
  return { ask, clock };
}

test('the second request for an object is a hit with the same bytes', async () => {
  const { ask, clock } = cacheWithCounter();
  const [first, second] = [await ask('/a?b'), await ask('/a?b')];
  assert.deepEqual([first.cache, second.cache, clock.asked], ['Miss', 'Hit', 1]);
  assert.deepEqual([second.body, second.headers], [first.body, first.headers]);
});

test('the query is in the key, unless the key is the path', async () => {
  const withQuery = cacheWithCounter();
  await withQuery.ask('/a?b=1');
  assert.equal((await withQuery.ask('/a?b=2')).cache, 'Miss');
  const withoutQuery = cacheWithCounter({ key: 'path' });
  await withoutQuery.ask('/a?b=1');
  assert.equal((await withoutQuery.ask('/a?b=2')).cache, 'Hit');
});

test('HEAD, conditions and ranges are answered from the cache', async () => {
  const { ask, clock } = cacheWithCounter();
  await ask('/abc');
  const head = await ask('/abc', { method: 'HEAD' });
  assert.deepEqual([head.cache, head.body, head.headers['content-length']], ['Hit', '', '5']);
  const same = await ask('/abc', { headers: { 'if-none-match': '"1"' } });
  assert.deepEqual([same.status, same.body], [304, '']);
  const part = await ask('/abc', { headers: { range: 'bytes=1-2' } });
  assert.deepEqual([part.status, part.body, part.headers['content-length']], [206, 'ab', '2']);
  assert.equal((await ask('/abc', { headers: { range: 'bytes=9-' } })).status, 416);
  assert.equal(clock.asked, 1);
});

test('an object leaves after its time', async () => {
  const byDefault = cacheWithCounter();
  await byDefault.ask('/a');
  byDefault.clock.milliseconds = 59_999;
  assert.equal((await byDefault.ask('/a')).cache, 'Hit');
  byDefault.clock.milliseconds = 60_000;
  assert.equal((await byDefault.ask('/a')).cache, 'Miss');

  const control = { headers: { 'cache-control': 'max-age=1, s-maxage=5' } };
  const byOrigin = cacheWithCounter({ response: control });
  await byOrigin.ask('/a');
  byOrigin.clock.milliseconds = 4_999;
  assert.equal((await byOrigin.ask('/a')).cache, 'Hit');
  byOrigin.clock.milliseconds = 5_000;
  assert.equal((await byOrigin.ask('/a')).cache, 'Miss');
});

for (const [title, response] of /** @type {[string, Partial<OriginResponse>][]} */ ([
  ['is not a 200', { status: 404 }],
  ['is private', { headers: { 'cache-control': 'private' } }],
  ['is no-store', { headers: { 'cache-control': 'No-Store' } }],
  ['has no time', { headers: { 'cache-control': 'max-age=0' } }],
  ['varies', { headers: { vary: 'accept' } }],
  ['sets a cookie', { headers: { 'set-cookie': ['a=1'] } }],
  ['is too big', { headers: { 'content-length': String(MAX_OBJECT_BYTES + 1) } }],
])) {
  test(`an answer that ${title} is not kept`, async () => {
    const { ask } = cacheWithCounter({ response });
    await ask('/a');
    assert.equal((await ask('/a')).cache, 'Miss');
  });
}

test('HEAD and POST do not fill the cache, and POST is never answered from it', async () => {
  const { ask } = cacheWithCounter();
  await ask('/a', { method: 'HEAD' });
  await ask('/a', { method: 'POST' });
  assert.equal((await ask('/a')).cache, 'Miss');
  assert.equal((await ask('/a', { method: 'POST' })).cache, 'Miss');
});

test('the least recently used object leaves a full cache', async () => {
  const { ask } = cacheWithCounter();
  for (let index = 0; index < MAX_OBJECTS; index += 1) await ask(`/${index}`);
  assert.equal((await ask('/0')).cache, 'Hit');
  await ask('/one-more');
  assert.equal((await ask('/0')).cache, 'Hit');
  assert.equal((await ask('/1')).cache, 'Miss');
});
