import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEntryView } from '#features/accounting/journal/schemas.ts';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

type Period = { readonly period: string; readonly status: string; readonly reason: string | null };
type Year = { readonly year: number; readonly status: string; readonly entry: string | null };

const api = await openApi();
const ENTRIES = '/v1/accounting/journal-entries';

const line = (glAccount: string, side: string, amount: string, currency = 'EUR') => ({
  glAccount,
  side,
  amount,
  currency,
});
const rent = (valueDate?: string, amount = '10.00') => ({
  reason: 'Rent',
  lines: [line('6100', 'debit', amount), line('1000', 'credit', amount)],
  ...(valueDate === undefined ? {} : { valueDate }),
});
const book = (body: Record<string, unknown>) => api.pay<JournalEntryView>(ENTRIES, body);
const setDate = async (businessDate: string) =>
  created(await api.post('/v1/business-date', { businessDate }));
const close = (period: string, fields: object = {}) =>
  api.post<Period>(`/v1/accounting/periods/${period}/close`, { ...fields });
const reopen = (period: string, reason = 'A late invoice') =>
  api.post<Period>(`/v1/accounting/periods/${period}/reopen`, { reason });
const closeYear = (year: number) => api.post<Year>(`/v1/accounting/years/${year}/close`, {});
const reopenYear = (year: number) =>
  api.post<Year>(`/v1/accounting/years/${year}/reopen`, { reason: 'A late invoice' });
const balances = async (asOf: string) =>
  Object.fromEntries(
    created(await api.get<TrialBalanceView>(`/v1/accounting/trial-balance?asOf=${asOf}`)).lines.map(
      ({ code, currency, debit, credit }) => [`${code} ${currency}`, `${debit} ${credit}`],
    ),
  );

created(await api.post('/v1/accounting/gl-accounts', { code: '6100', name: 'Rent', class: 'expense' }));
await setDate('2026-03-10');
const account = await api.newAccount({ balance: '100.00' });
created(await book(rent('2026-01-31')));

test('an entry that is dated back counts from its date on', async () => {
  assert.deepEqual(await balances('2026-01-30'), {});
  assert.deepEqual(await balances('2026-01-31'), { '1000 EUR': '0.00 10.00', '6100 EUR': '10.00 0.00' });
  assert.equal((await balances('2026-03-09'))['1000 EUR'], '0.00 10.00');
  assert.equal((await balances('2026-03-10'))['1000 EUR'], '90.00 0.00');
});

test('after a close nothing is dated inside, by whatever call', async () => {
  const closed = created(await close('2026-01', { reason: 'All invoices are in' }));
  assert.deepEqual([closed.status, closed.reason], ['hard_closed', 'All invoices are in']);
  const money = { accountId: account.id, amount: '1.00', currency: 'EUR', valueDate: '2026-01-31' };
  await api.leavesNothing(async () => {
    for (const mode of ['cash', 'card']) {
      refused(await api.pay('/v1/deposits', { ...money, mode }), 409, 'period_closed');
      refused(await api.pay('/v1/withdrawals', { ...money, mode }), 409, 'period_closed');
    }
    const { amount, currency, valueDate } = money;
    const incoming = { amount, currency, valueDate, externalReference: newKey(), iban: account.iban };
    refused(await api.pay('/v1/incoming-payments', incoming), 409, 'period_closed');
  });
  const items = [{ type: 'deposit', mode: 'cash', ...money }];
  const { body } = await api.pay<{ results: { code: string }[] }>('/v1/transactions/batch', {
    mode: 'independent',
    items,
  });
  assert.equal(body.results[0]?.code, 'period_closed');
  const late = refused(await book(rent('2026-01-31')), 409, 'period_closed');
  assert.equal(late.detail, 'The accounting periods up to 2026-01-31 are closed.');
  refused(await book(rent('2025-07-01')), 409, 'period_closed');
  created(await book(rent('2026-02-01')));
  created(await api.pay('/v1/deposits', { ...money, mode: 'cash', valueDate: '2026-02-01' }));
  await api.assertVerified();
});

test('closed softly, a period takes entries of managers by hand and nothing else', async () => {
  assert.equal(created(await close('2026-02', { kind: 'soft' })).status, 'soft_closed');
  assert.equal(created(await close('2026-02', { kind: 'soft' })).status, 'soft_closed');
  const money = { accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'cash' };
  refused(await api.pay('/v1/deposits', { ...money, valueDate: '2026-02-28' }), 409, 'period_closed');
  const made = created(await book(rent('2026-02-28', '7.00')));
  refused(await book(rent('2026-01-31')), 409, 'period_closed');
  const scopes = ['accounting:post'];
  const admin = await api.as('admin');
  const key = created(await admin.post<{ token: string }>('/v1/api-keys', { name: 'books', scopes }));
  const service = api.withToken(() => Promise.resolve(key.token));
  refused(await service.pay(ENTRIES, rent('2026-02-28')), 409, 'period_closed');
  created(await api.pay(`${ENTRIES}/${made.id}/reverse`, { reason: 'Wrong', valueDate: '2026-02-28' }));
  assert.equal(created(await close('2026-02')).status, 'hard_closed');
  refused(await close('2026-02', { kind: 'soft' }), 409, 'period_closed');
  refused(await book(rent('2026-02-28')), 409, 'period_closed');
  await api.assertVerified();
});

test('periods are reopened from the last one back, with a reason', async () => {
  refused(await reopen('2026-01'), 409, 'later_period_closed');
  refused(await reopen('2026-03'), 409, 'period_not_closed');
  const opened = created(await reopen('2026-02', 'A late invoice'));
  assert.deepEqual([opened.status, opened.reason], ['open', 'A late invoice']);
  created(await book(rent('2026-02-28', '3.00')));
  refused(await book(rent('2026-01-31')), 409, 'period_closed');
  created(await close('2026-02'));
  const { data } = created(await api.get<Page<Period>>('/v1/accounting/periods'));
  assert.deepEqual(
    data.map(({ period, status }) => `${period} ${status}`),
    ['2026-02 hard_closed', '2026-01 hard_closed'],
  );
  await api.assertVerified();
});

test('a close that breaks a rule is refused', async () => {
  refused(await close('2026-03'), 409, 'period_not_over');
  refused(await close('2027-01'), 409, 'period_not_over');
  refused(await closeYear(2026), 409, 'period_not_over');
  for (const text of ['2026-13', '2026-1', 'March', '1799-01', '2026-01-01']) {
    refused(await close(text), 404, 'not_found');
  }
  refused(await api.post('/v1/accounting/years/26/close', {}), 404, 'not_found');
  assert.deepEqual(badFields(await close('2026-02', { kind: 'loose' })), ['kind']);
  assert.deepEqual(badFields(await reopen('2026-02', ' ')), ['reason']);
  assert.deepEqual(badFields(await api.post('/v1/accounting/periods/2026-02/reopen', {})), ['reason']);
  const teller = await api.as('teller');
  refused(await teller.post('/v1/accounting/periods/2026-02/close', {}), 403, 'forbidden');
});

test('a year is carried over to retained earnings, and taken back with a reason', async () => {
  created(
    await book({
      reason: 'Fees',
      lines: [
        line('1000', 'debit', '50.00'),
        line('4100', 'credit', '50.00'),
        line('1000', 'debit', '700', 'JPY'),
        line('4100', 'credit', '700', 'JPY'),
      ],
    }),
  );
  await setDate('2027-02-01');
  created(await close('2027-01'));
  const before = await balances('2026-12-31');
  const year = created(await closeYear(2026));
  assert.deepEqual([year.status, year.year], ['closed', 2026]);
  const entry = created(await api.get<JournalEntryView>(`${ENTRIES}/${year.entry}`));
  assert.deepEqual(
    [entry.kind, entry.valueDate, entry.businessDate, entry.reason],
    ['year_end', '2026-12-31', '2027-02-01', 'Close of 2026'],
  );
  const after = await balances('2026-12-31');
  const zero = { '4100 EUR': '0.00 0.00', '4100 JPY': '0 0', '6100 EUR': '0.00 0.00' };
  assert.deepEqual(after, { ...before, ...zero, '3100 EUR': '0.00 27.00', '3100 JPY': '0 700' });
  await api.assertVerified();
  refused(await closeYear(2026), 409, 'year_closed');
  refused(await reopen('2026-12'), 409, 'later_period_closed');
  created(await reopen('2027-01'));
  refused(await reopen('2026-12'), 409, 'year_closed');
  refused(
    await api.pay(`${ENTRIES}/${year.entry}/reverse`, { reason: 'x' }),
    422,
    'journal_entry_not_reversible',
  );
  assert.deepEqual(created(await reopenYear(2026)).status, 'open');
  assert.deepEqual(await balances('2026-12-31'), {
    ...before,
    '3100 EUR': '0.00 0.00',
    '3100 JPY': '0 0',
  });
  await api.assertVerified();
  refused(await reopenYear(2026), 409, 'period_not_closed');
  created(await reopen('2026-12'));
  created(await book(rent('2026-12-31', '7.00')));
  created(await closeYear(2026));
  assert.equal((await balances('2026-12-31'))['3100 EUR'], '0.00 20.00');
  const { data } = created(await api.get<Page<Year>>('/v1/accounting/years'));
  assert.deepEqual(
    data.map((one) => [one.year, one.status]),
    [[2026, 'closed']],
  );
  refused(await closeYear(2025), 409, 'later_period_closed');
  await api.assertVerified();
});

for (const [law, change] of [
  [
    'the balances kept of a closed period are the sum of all that counts up to its end',
    `update accounting_period_balances set balance_minor = balance_minor + 1
     where period_on = '2026-01-01' and gl_code = '1000'`,
  ],
  [
    'the book is closed up to the last of its closed periods',
    `update books set hard_closed_to = '2026-11-30'`,
  ],
  [
    'a closed year leaves nothing on its income and expenses',
    `update postings set amount_minor = amount_minor + 1 where entry_id in (
       select entry_id from journal_entries where kind = 'year_end') and line = 1`,
  ],
  [
    'an entry by hand says why it was made, and counts on its value date',
    `update manual_entries set accounting_date = accounting_date - 1`,
  ],
] as const) {
  test(`verify finds where it does not hold that ${law}`, async () => {
    await api.asOwner(change);
    assert.ok(
      (await brokenLaws(api.bank.databaseUrl)).some((broken) => JSON.stringify(broken).includes(law)),
    );
  });
}
