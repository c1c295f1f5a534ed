import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page } from '#test/support/api.ts';
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
