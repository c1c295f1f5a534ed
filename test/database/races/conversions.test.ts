import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-03-02' }));
created(await api.post('/v1/exchange-rates', { pair: 'EUR/USD', bid: '1.0840', ask: '1.0860' }));
created(await api.post('/v1/exchange-rates', { pair: 'GBP/EUR', bid: '1.17', ask: '1.18' }));
const euros = await api.newAccount({ balance: '1000.00' });
const dollars = await api.newAccount({ currency: 'USD' });
const pounds = await api.newAccount({ currency: 'GBP' });

const convert = (toAccountId: string, key = newKey()) =>
  api.pay('/v1/conversions', { fromAccountId: euros.id, toAccountId, amount: '1.00', currency: 'EUR' }, key);

test('the first conversions of two currencies at once open one equivalent each', async () => {
  const answers = await Promise.all([1, 2, 3, 4].flatMap(() => [convert(dollars.id), convert(pounds.id)]));
  for (const answer of answers) created(answer);
  const lines = await api.asOwner<{ name: string }>(
    `select name from gl_accounts where parent_code = '1910' order by name`,
  );
  assert.deepEqual(
    lines.map(({ name }) => name),
    ['Equivalent of GBP', 'Equivalent of USD'],
  );
  await api.assertVerified();
});

test('one key asked for at once converts once', async () => {
  const before = await api.postedBalance(euros);
  const key = newKey();
  const answers = await Promise.all([1, 2, 3].map(() => convert(dollars.id, key)));
  assert.ok(answers.some(({ status }) => status === 201));
  assert.ok(answers.every(({ status }) => status === 201 || status === 409));
  assert.equal(Number(before) - Number(await api.postedBalance(euros)), 1);
});

test('conversions beside the end of the day are valued with it, or belong to the next', async () => {
  const closing = api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-02'));
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) => convert(n % 2 === 0 ? dollars.id : pounds.id)),
  );
  for (const answer of answers) created(answer);
  await closing;
  // The law holds each value of the date to the position that the ledger has at its end.
  await api.assertVerified();
});
