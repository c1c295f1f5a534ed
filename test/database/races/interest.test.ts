import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AccountInterestView } from '#features/accrual/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { HeldBook } from '#test/system/processes/held-book.ts';

const api = await openApi();
const { bank } = api;
created(await api.post('/v1/business-date', { businessDate: '2026-01-30' }));

const closeThrough = (date: string) => bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const define = async (code: string, interest: Readonly<Record<string, unknown>>): Promise<void> => {
  const product = { code, currency: 'EUR', kind: 'savings', name: 'Savings', interest };
  created(await api.post('/v1/products', product));
};
const interestOf = async ({ id }: AccountView): Promise<string[]> => {
  type Line = { readonly type: string; readonly amount: string };
  const { data } = created(await api.get<Page<Line>>(`/v1/accounts/${id}/transactions?limit=100`));
  return data.filter(({ type }) => type === 'interest').map(({ amount }) => amount);
};

await closeThrough('2026-01-29');

test('the end of a day waits for a reference rate of that day that is being set, and counts with it', async () => {
  const set = (rate: string) => bank.referenceRates.set(TEST_CALLER, { code: 'BASE', rate });
  await set('1');
  await define('referred', { reference: { code: 'BASE', margin: '0' }, posting: 'daily' });
  const account = await api.newAccount({ product: 'referred', balance: '36500.00' });
  const held = await HeldBook.holdReferenceRates(bank.databaseUrl);
  const rate = set('3');
  await held.somebodyWaits(1);
  const ended = closeThrough('2026-01-30');
  await held.somebodyWaits(2);
  await held.release();
  await rate;
  await ended;
  assert.deepEqual(await interestOf(account), ['3.00']);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

/** Starts two things that meet where interest is counted, the second behind the first. */
async function meet(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<unknown[]> {
  const held = await HeldBook.holdInterest(bank.databaseUrl);
  const begun = [first()];
  await held.somebodyWaits(1);
  begun.push(second());
  await held.somebodyWaits(2);
  await held.release();
  return Promise.all(begun);
}

/* 1,000.00 at 36.5 % earns 1.00 a day, posted at the end of the year. */
test('interest that is posted by hand while a day ends is counted once', async () => {
  await define('by_hand', { rate: '36.5', posting: 'yearly' });
  const account = await api.newAccount({ product: 'by_hand', balance: '1000.00' });
  const path = `/v1/accounts/${account.id}`;
  const post = async () => created(await api.post(`${path}/post-interest`, {}));
  await closeThrough('2026-01-31');
  await meet(post, () => closeThrough('2026-02-01'));
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  await meet(() => closeThrough('2026-02-02'), post);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  await closeThrough('2026-02-03');
  await post();
  const days = `${path}/interest?from=2026-01-31&to=2026-02-03`;
  const { posted, accrued } = created(await api.get<AccountInterestView>(days));
  assert.deepEqual(
    posted.map(({ from, to, creditInterest }) => [from, to, creditInterest]),
    [
      ['2026-01-31', '2026-01-31', '1.00'],
      ['2026-02-01', '2026-02-02', '2.00'],
      ['2026-02-03', '2026-02-03', '1.00'],
    ],
  );
  assert.equal(accrued.creditInterest, '0.00');
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

test('an account that is closed while a day ends is paid all of its interest, and earns no more', async () => {
  await define('closing', { rate: '36.5', posting: 'yearly' });
  const owner = await api.newCustomer();
  const payee = await api.newAccount({ customerId: owner.id });
  const accounts = [];
  for (let count = 0; count < 2; count += 1) {
    const opened = { customerId: owner.id, product: 'closing', balance: '1000.00' };
    accounts.push(await api.newAccount(opened));
  }
  const [first, second] = accounts;
  const close = (account: AccountView | undefined) => () =>
    api.post(`/v1/accounts/${account?.id}/close`, { payoutTo: payee.id, reason: 'leaves' });
  await closeThrough('2026-02-04');
  const [closed] = await meet(close(first), () => closeThrough('2026-02-05'));
  created(closed as Answer);
  assert.equal(await api.postedBalance(payee), '1001.00');
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  // Its day is counted already, with a balance that it would not have had: that is to be closed first.
  const [, refusal] = await meet(() => closeThrough('2026-02-06'), close(second));
  refused(refusal as Answer, 409, 'account_not_empty');
  assert.equal(await api.postedBalance(payee), '1001.00');
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  created(await close(second)());
  assert.equal(await api.postedBalance(payee), '2004.00');
  for (const account of accounts) assert.equal(await api.postedBalance(account), '0.00');
  await closeThrough('2026-02-08');
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
