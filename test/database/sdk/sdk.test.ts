import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SCOPES } from '#lib/scopes.ts';
import {
  type Account,
  decimal,
  etagOf,
  Florin,
  FlorinProblem,
  isProblem,
  NoAnswerError,
  sum,
  type TransactionDryRun,
} from '#sdk/index.ts';
import { newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { created, openApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { openCuttingProxy } from './cutting-proxy.ts';

const api = await openApi();
const admin = await api.as('admin');
const { token: apiKey } = created(
  await admin.post<{ token: string }>('/v1/api-keys', { name: 'SDK', scopes: SCOPES }),
);
const proxy = await openCuttingProxy(api.port);
const florin = new Florin({ baseUrl: `http://127.0.0.1:${api.port}`, apiKey });
const cut = new Florin({ baseUrl: proxy.url, apiKey });

async function newAccount(balance?: string): Promise<Account> {
  const customer = await florin.customers.create({
    type: 'person',
    givenName: 'Ada',
    familyName: 'Lovelace',
    dateOfBirth: '1990-12-10',
    email: `${newKey()}@example.com`,
  });
  const account = await florin.accounts.create({
    customerId: customer.id,
    product: 'current',
    currency: 'EUR',
  });
  if (balance === undefined) return account;
  const cash = { accountId: account.id, amount: decimal(balance), currency: 'EUR', mode: 'cash' } as const;
  await florin.deposits.create(cash);
  return florin.accounts.get(account.id);
}

const pay = (from: Account, to: Account, amount: string) => ({
  fromAccountId: from.id,
  toAccountId: to.id,
  amount: decimal(amount),
  currency: 'EUR',
});

test('a list is narrowed by metadata', async () => {
  const one = await newAccount();
  const metadata = { 'cost centre': newKey(), note: 'a&b=c' };
  const changed = await florin.accounts.update(one.id, { metadata }, { ifMatch: '*' });
  assert.deepEqual(changed.metadata, metadata);
  const find = async (texts: Record<string, string>) => {
    const { data } = await florin.accounts.list({ metadata: texts, limit: 1 }).page();
    return data.map(({ id }) => id);
  };
  assert.deepEqual(await find(metadata), [one.id]);
  assert.deepEqual(await find({ ...metadata, note: 'a' }), []);
});

test('operations are methods of resources, and money is exact', async () => {
  const [from, to] = [await newAccount('100.00'), await newAccount()];
  const transfer = await florin.transfers.create(pay(from, to, '25.10'));
  assert.equal(transfer.amount, '25.10');
  const { balance } = await florin.accounts.balance(from.id);
  assert.equal(sum(balance.posted, transfer.amount), '100.00');
  const lines = await florin.accounts.transactions(from.id).toArray(10);
  assert.deepEqual(
    lines.map(({ amount }) => amount),
    ['-25.10', '100.00'],
  );
  assert.equal((await florin.businessDate.get()).businessDate, '2026-01-14');
});

test('a call that moves money is tried out by an option, and no other compiles with it', async () => {
  const [from, to] = [await newAccount('100.00'), await newAccount()];
  const tried: TransactionDryRun = await florin.transfers.create(pay(from, to, '25.10'), { dryRun: true });
  assert.deepEqual([tried.result.amount, tried.balances.length], ['25.10', 2]);
  const items = [{ type: 'transfer' as const, ...pay(from, to, '1.00') }];
  const batch = await florin.transactions.postBatch({ mode: 'atomic', items }, { dryRun: true });
  assert.equal(batch.result.results[0]?.status, 'posted');
  // @ts-expect-error -- an account is not opened to try it out
  await assert.rejects(florin.accounts.freeze(from.id, { reason: 'lost' }, { dryRun: true }));
  assert.equal((await florin.accounts.get(from.id)).balance.posted, '100.00');
});

test('a list is read page after page, and a page by its cursor', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.unshift((await newAccount()).id);
  const found: string[] = [];
  for await (const { id } of florin.accounts.list({ limit: 2 })) {
    found.push(id);
    if (found.length === ids.length) break;
  }
  assert.deepEqual(found, ids);
  const first = await florin.accounts.list({ limit: 2 }).page();
  assert.ok(first.nextCursor !== null);
  const second = await florin.accounts.list({ limit: 2 }).page(first.nextCursor);
  assert.deepEqual(
    [...first.data, ...second.data].map(({ id }) => id),
    ids.slice(0, 4),
  );
});

test('a problem has one of the codes of its call, and all fields that are wrong', async () => {
  const account = await newAccount('1.00');
  const cash = { accountId: account.id, amount: decimal('2.00'), currency: 'EUR', mode: 'atm' } as const;
  const refusal = await florin.withdrawals.create(cash).catch((error: unknown) => error);
  assert.ok(isProblem(refusal, 'withdrawals.create'));
  // Does not compile with a code that the call never answers.
  const code: 'insufficient_funds' | 'loan_not_in_status' =
    refusal.code === 'insufficient_funds' ? refusal.code : 'loan_not_in_status';
  assert.equal(code, 'insufficient_funds');
  assert.ok(!isProblem(refusal, 'deposits.create'));
  assert.match(refusal.requestId ?? '', /^req_/);
  const wrong = await florin.customers
    .create({ type: 'person', email: 'x' } as never)
    .catch((error: unknown) => error);
  assert.ok(wrong instanceof FlorinProblem && wrong.errors.some(({ path }) => path === 'email'));
  await assert.rejects(florin.accounts.get('acc_01h455vb4pex5vsknk084sn02q'), {
    status: 404,
    code: 'not_found',
  });
  assert.throws(() => florin.accounts.get(''), TypeError);
});

test('a connection that is cut behind the request keeps the key: the money moves once', async () => {
  const [from, to] = [await newAccount('100.00'), await newAccount()];
  proxy.seen.length = 0;
  proxy.cutNext(2);
  const transfer = await cut.transfers.create(pay(from, to, '10.00'));
  assert.equal(transfer.amount, '10.00');
  const keys = proxy.seen.map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 3);
  assert.ok(keys[0] !== undefined && new Set(keys).size === 1, 'one key for all attempts');
  assert.equal((await florin.accounts.balance(from.id)).balance.posted, '90.00');
  await cut.transfers.create(pay(from, to, '10.00'));
  assert.notEqual(proxy.seen.at(-1)?.headers['idempotency-key'], keys[0], 'another call has another key');
  await api.assertVerified();
});

test('a call that got no answer at all names its key, and is settled by it', async () => {
  const [from, to] = [await newAccount('100.00'), await newAccount()];
  proxy.cutNext(4);
  const lost = await cut.transfers.create(pay(from, to, '30.00')).catch((error: unknown) => error);
  assert.ok(lost instanceof NoAnswerError && lost.idempotencyKey !== undefined);
  const options = { idempotencyKey: lost.idempotencyKey };
  assert.equal((await cut.transfers.create(pay(from, to, '30.00'), options)).amount, '30.00');
  assert.equal((await florin.accounts.balance(from.id)).balance.posted, '70.00');
  await assert.rejects(cut.transfers.create(pay(from, to, '31.00'), options), {
    code: 'idempotency_key_reused',
  });
});

test('a change names the version that was read, and is not repeated in the dark', async () => {
  const account = await newAccount();
  const read = await florin.accounts.get(account.id);
  const ifMatch = etagOf(read) ?? '';
  const changed = await florin.accounts.update(account.id, { externalId: newKey() }, { ifMatch });
  await assert.rejects(florin.accounts.update(account.id, { externalId: newKey() }, { ifMatch }), {
    code: 'version_conflict',
  });
  proxy.seen.length = 0;
  proxy.cutNext(1);
  const again = { ifMatch: etagOf(changed) ?? '' };
  await assert.rejects(cut.accounts.update(account.id, { externalId: newKey() }, again), NoAnswerError);
  assert.equal(proxy.seen.length, 1);
});

test('a login is renewed once for all calls that need it', async () => {
  const { email } = await newUser(api.bank, { role: 'teller' });
  const user = new Florin({ baseUrl: proxy.url });
  await assert.rejects(user.accounts.list().page(), TypeError);
  const { deviceToken } = await user.login({ email, password: PASSWORD });
  assert.ok(deviceToken.length > 20);
  assert.equal((await user.auth.me()).operations.deposit, 'yes');
  api.bank.clock.setMs(api.bank.clock.nowMs() + 11 * 60_000);
  proxy.seen.length = 0;
  const pages = await Promise.all(Array.from({ length: 8 }, () => user.accounts.list({ limit: 1 }).page()));
  assert.equal(pages.length, 8);
  assert.equal(proxy.seen.filter(({ path }) => path === '/v1/auth/refresh').length, 1);
  await user.logout();
  await assert.rejects(user.auth.me(), TypeError);
  await assert.rejects(user.login({ email, password: 'wrong' }), {
    status: 401,
    code: 'invalid_credentials',
  });
});

/** The cookies of a browser: its pages do not read them, and their requests have them. `most` renewed at once. */
function withCookies(): { fetch: typeof fetch; most: () => number } {
  let [cookie, now, most] = ['', 0, 0];
  const send: typeof fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const renews = typeof url === 'string' && url.endsWith('/refresh') ? 1 : 0;
    now += renews;
    most = Math.max(most, now);
    const answer = await fetch(url, { ...init, headers });
    now -= renews;
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return answer;
  };
  return { fetch: send, most: () => most };
}

test('the tabs of a browser share a session, whose refresh token no script has, and renew it in turn', async () => {
  const { email } = await newUser(api.bank, { role: 'teller' });
  const ended: string[] = [];
  const browser = withCookies();
  const options = { baseUrl: `http://127.0.0.1:${api.port}`, refreshCookie: true, fetch: browser.fetch };
  const tab = (name: string) => new Florin({ ...options, onSessionEnd: () => ended.push(name) });
  const [one, other, third] = [tab('one'), tab('other'), tab('third')];
  assert.equal((await one.login({ email, password: PASSWORD })).refreshToken, null);
  await Promise.all([one.renew(), other.auth.me(), third.auth.me()]);
  assert.equal((await other.auth.me()).email, email);
  assert.equal(browser.most(), 1, 'a token that is spent twice may end the session');
  assert.deepEqual(ended, []);
  await one.logout();
  await assert.rejects(other.renew(), { status: 401, code: 'invalid_refresh_token' });
  assert.deepEqual(ended, ['other']);
});

test('a file comes as its bytes', async () => {
  const account = await newAccount('5.00');
  const query = { from: '2026-01-01', to: '2026-01-14', format: 'csv' } as const;
  const file = await florin.accounts.statement(account.id, query);
  assert.match(await file.text(), /5\.00/);
});

/** A server that answers what it is told, one after the other. */
async function answering(
  ...answers: readonly (readonly [status: number, headers: Record<string, string>, body: unknown])[]
) {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const [status, headers, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}, ''];
    asked.push(`${incoming.method} ${String(incoming.headers['idempotency-key'] ?? '')}`);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: new Florin({ baseUrl, apiKey: 'x', maxRetries: 2 }), asked };
}
const problem = (status: number, code: string) => ({
  type: 'about:blank',
  title: code,
  status,
  detail: code,
  code,
  requestId: 'r',
});
const order = { fromAccountId: 'acc_1', amount: decimal('1.00'), currency: 'EUR' };

test('who is told to wait waits and asks again, under the same key', async () => {
  const { client, asked } = await answering(
    [503, { 'retry-after': '0' }, problem(503, 'overloaded')],
    [409, { 'retry-after': '0' }, problem(409, 'idempotency_in_progress')],
    [201, {}, { id: 'txn_1' }],
  );
  assert.equal((await client.transfers.create(order)).id, 'txn_1');
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked).size, 1);
});

test('who is told to wait for long is told so at once, and refusals are not repeated', async () => {
  const busy = await answering([429, { 'retry-after': '3600' }, problem(429, 'too_many_requests')]);
  await assert.rejects(busy.client.transfers.create(order), { retryAfterSeconds: 3600 });
  assert.equal(busy.asked.length, 1);
  const refused = await answering([422, {}, problem(422, 'insufficient_funds')]);
  await assert.rejects(refused.client.transfers.create(order), { code: 'insufficient_funds' });
  assert.equal(refused.asked.length, 1);
  const proxyPage = await answering([502, {}, '<html>Bad gateway</html>']);
  await assert.rejects(proxyPage.client.transfers.create(order), { code: 'not_florin', status: 502 });
  assert.equal(proxyPage.asked.length, 3, 'a POST has its key');
  const deleting = await answering([502, {}, 'x']);
  await assert.rejects(deleting.client.beneficiaries.delete('cus_1', 'ben_1'), { status: 502 });
  assert.equal(deleting.asked.length, 1);
});

test('a caller may give up', async () => {
  const { client, asked } = await answering([503, { 'retry-after': '20' }, problem(503, 'overloaded')]);
  const given = new AbortController();
  const call = client.accounts.get('acc_1', { signal: given.signal });
  while (asked.length === 0) await delay(5);
  given.abort(new Error('enough'));
  await assert.rejects(call, /enough/);
  assert.equal(asked.length, 1);
});
