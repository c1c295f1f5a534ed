import assert from 'node:assert/strict';
import { request as ask } from 'node:http';
import { test } from 'node:test';
import { created, openApi, refused } from '#test/support/api.ts';
import { newUser, PASSWORD } from './staff.ts';

type Tokens = { accessToken: string; refreshToken: string | null };

const api = await openApi();
const nobody = api.withToken(() => Promise.resolve(undefined));
const { email } = await newUser(api.bank, { role: 'teller' });

/** The one cookie that an answer sets: `name=value`, and its attributes. */
function cookieOf({ headers }: { readonly headers: Headers }) {
  const set = headers.getSetCookie();
  assert.equal(set.length, 1);
  const [pair = '', ...attributes] = set[0]!.split('; ');
  return { pair, attributes };
}

const logIn = (fields: Record<string, unknown> = { refreshCookie: true }) =>
  nobody.post<Tokens>('/v1/auth/login', { email, password: PASSWORD, ...fields });
const refresh = (cookie: string | undefined, headers: Record<string, string> = {}, body = {}) =>
  nobody.post<Tokens>('/v1/auth/refresh', body, { ...(cookie === undefined ? {} : { cookie }), ...headers });
const logOut = (accessToken: string) =>
  api.withToken(() => Promise.resolve(accessToken)).post('/v1/auth/logout', {});

test('a page gets its refresh token as a cookie that no script reads, for one call alone', async () => {
  const answer = await logIn();
  assert.equal(created(answer).refreshToken, null);
  const { pair, attributes } = cookieOf(answer);
  assert.match(pair, /^florin_refresh=[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(attributes, ['Path=/v1/auth/refresh', 'Max-Age=86400', 'HttpOnly', 'SameSite=Strict']);
  const renewed = await refresh(pair, { 'sec-fetch-site': 'same-origin' });
  assert.equal(created(renewed).refreshToken, null);
  assert.notEqual(cookieOf(renewed).pair, pair, 'it rotates');
  const me = api.withToken(() => Promise.resolve(renewed.body.accessToken));
  assert.equal(created(await me.get<{ email: string }>('/v1/auth/me')).email, email);
  const ended = await logOut(renewed.body.accessToken);
  assert.equal(ended.status, 204);
  assert.deepEqual(cookieOf(ended), {
    pair: 'florin_refresh=',
    attributes: ['Path=/v1/auth/refresh', 'Max-Age=0', 'HttpOnly', 'SameSite=Strict'],
  });
  refused(await refresh(cookieOf(renewed).pair), 401, 'invalid_refresh_token');
});

/** Logs in under a name of the server, as a proxy passes it on: fetch sends no other than the address. */
function logInAt(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', port: api.port, path: '/v1/auth/login', method: 'POST', headers };
    const asking = ask(options, (answer) => {
      answer.resume();
      resolve(String(answer.headers['set-cookie']));
    });
    asking.on('error', reject);
    asking.end(JSON.stringify({ email, password: PASSWORD, refreshCookie: true }));
  });
}

test('it is Secure, but on this machine over plain HTTP', async () => {
  for (const host of ['bank.example', '192.0.2.7:8080', 'localhost.example', '127.0.0.1.example']) {
    assert.match(await logInAt(host), /; Secure$/, host);
  }
  for (const host of ['127.0.0.1', 'localhost:8080', '[::1]:8080']) {
    assert.doesNotMatch(await logInAt(host), /Secure/, host);
  }
});

test('who does not ask for a cookie gets none, and gives its token in the body', async () => {
  const answer = await logIn({});
  const { refreshToken } = created(answer);
  assert.ok(refreshToken !== null);
  assert.deepEqual(answer.headers.getSetCookie(), []);
  const renewed = await refresh(undefined, {}, { refreshToken });
  assert.ok(created(renewed).refreshToken !== null);
  assert.deepEqual(renewed.headers.getSetCookie(), []);
});

test('two tabs that refresh at once both go on, and so does either of them after that', async () => {
  for (let race = 0; race < 5; race++) {
    const { pair } = cookieOf(await logIn());
    const [one, other] = await Promise.all([refresh(pair), refresh(pair)]);
    created(one);
    created(other);
    // The browser has one cookie for both: whichever came last.
    const jar = cookieOf(race % 2 === 0 ? one : other).pair;
    const [again, beside] = await Promise.all([refresh(jar), refresh(jar)]);
    created(again);
    created(beside);
    for (const { body } of [one, other, again, beside]) {
      const tab = api.withToken(() => Promise.resolve(body.accessToken));
      created(await tab.get('/v1/auth/me'));
    }
  }
});

test('a cookie that was spent a while ago ends the session: somebody else has it', async () => {
  const first = cookieOf(await logIn()).pair;
  const second = cookieOf(await refresh(first)).pair;
  api.bank.clock.setMs(api.bank.clock.nowMs() + 31_000);
  refused(await refresh(first), 401, 'invalid_refresh_token');
  refused(await refresh(second), 401, 'invalid_refresh_token');
});

test('another site gets nothing by the cookie, and neither does a damaged one', async () => {
  const { pair } = cookieOf(await logIn());
  for (const site of ['cross-site', 'same-site', 'none']) {
    refused(await refresh(pair, { 'sec-fetch-site': site }), 401, 'invalid_refresh_token');
  }
  for (const cookie of [undefined, '', 'florin_refresh=', 'florin_refresh=%00', 'x=y; z', `other${pair}`]) {
    refused(await refresh(cookie), 401, 'invalid_refresh_token');
  }
  created(await refresh(`first=1; ${pair} ; last=2`));
});
