// What is no page: it is answered with 401, and sent nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ownCookies, said, setUp, signIn } from './support/stage.mjs';

test('threat 53: pictures, scripts, styles, frames and media are told 401 and sent nowhere', async (t) => {
  const { page, url, site, context, provider } = await setUp(t);
  site.page = {
    body: `<link rel="icon" href="/icon.ico"><link rel="stylesheet" href="/a.css"><script src="/a.js"></script><img src="/a.gif">
      <video src="/a.mp4"></video><audio src="/a.mp3"></audio><video><source src="/b.mp4"><track default src="/a.vtt"></video>
      <iframe src="/frame"></iframe><object data="/object"></object><embed src="/embed">`,
  };
  await page.goto(`${url}/public/page`);
  const paths = ['/a.css', '/a.js', '/a.gif', '/a.mp4', '/a.mp3', '/b.mp4', '/frame', '/object', '/embed', '/icon.ico'];
  for (const path of paths) {
    const { status, answered } = await site.nextRequestFor(path);
    assert.equal(status, 401, path);
    assert.deepEqual(answered['www-authenticate'], ['Bearer'], path);
    assert.equal(answered['set-cookie'], undefined, path);
  }
  assert.deepEqual(await ownCookies(context), []);
  assert.deepEqual(provider.asked, []);
});

test('threat 53: what scripts ask for is told 401 and sent nowhere', async (t) => {
  const { page, url, site, provider } = await setUp(t);
  await page.goto(`${url}/public/page`);
  const asked = await page.evaluate(async () => {
    const answers = [];
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      const { status, redirected } = await fetch('/data', { method, headers: { accept: 'text/html' } });
      answers.push([method, status, redirected]);
    }
    const request = new XMLHttpRequest();
    request.open('GET', '/data', false);
    request.send();
    answers.push(['XMLHttpRequest', request.status, request.responseURL !== location.origin + '/data']);
    navigator.sendBeacon('/beacon', 'a');
    return answers;
  });
  for (const [what, status, redirected] of asked) {
    assert.deepEqual([status, redirected], [401, false], String(what));
  }
  assert.equal((await site.nextRequestFor('/beacon')).status, 401);
  assert.deepEqual(provider.asked, []);
});

test('a form that was sent too late leads to the sign-in, and to the page it was for', async (t) => {
  const { page, url, site } = await setUp(t);
  site.page = { body: '<form method="post" action="/form?x=1"><input name="a" value="b"><button>send</button></form>' };
  await page.goto(`${url}/public/page`);
  await page.click('button');
  const [{ method, status }] = site.requestsFor('/form');
  assert.deepEqual([method, status], ['POST', 303]);
  await allow(page);
  assert.equal(page.url(), `${url}/form?x=1`);
  // What was in the form is gone; it is not sent to anybody else, and not twice.
  assert.equal((await said(page)).method, 'GET');
});

test('a form of somebody who is signed in gets there', async (t) => {
  const stage = await setUp(t);
  const { page, url, site } = stage;
  await signIn(stage);
  site.page = { body: '<form method="post" action="/form"><button>send</button></form>' };
  await page.goto(`${url}/public/page`);
  await page.click('button');
  assert.deepEqual(await said(page), { method: 'POST', uri: '/form', querystring: '', user: 'alice' });
});

test('a rule may say that nobody is sent anywhere', async (t) => {
  const rules = [{ match: { path: '/{*rest}' }, allow: 'authenticated', signIn: false }];
  const { page, url, provider } = await setUp(t, { rules });
  const answer = await page.goto(`${url}/a`);
  assert.equal(answer?.status(), 401);
  assert.deepEqual(provider.asked, []);
});

test('people who may not see a page are told so, and not sent to sign in again', async (t) => {
  const rules = [
    { match: { path: '/{*rest}' }, requires: { claim: 'sub', equals: 'alice' } },
  ];
  const { page, url, site } = await setUp(t, { rules });
  await page.goto(`${url}/a`);
  await allow(page, 'bob');
  assert.equal(page.url(), `${url}/a`);
  assert.deepEqual(site.requestsFor('/a').map(({ status }) => status), [302, 403]);
});
