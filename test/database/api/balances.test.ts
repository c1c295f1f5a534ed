import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badFields, created, DAY_MS, openApi } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

type BalanceAnswer = {
  accountId: string;
  currency: string;
  asOf: string | null;
  balance: { posted: string; held: string | null; available: string | null };
};

const api = await openApi();

const account = await api.newAccount({ overdraftLimit: '50.00' });
const balance = (asOf?: string) =>
  api.get<BalanceAnswer>(
    `/v1/accounts/${account.id}/balance${asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`}`,
  );

// Noon of 14 January (two), of 16 January, and 23:30 in Berlin of 16 January, which is 22:30 UTC.
await api.deposit(account, '10.00');
await api.withdraw(account, '2.50');
api.bank.clock.setMs(START_MS + 2 * DAY_MS);
await api.deposit(account, '100.00', { valueDate: '2026-01-01' });
api.bank.clock.setMs(Date.UTC(2026, 0, 16, 22, 30));
await api.withdraw(account, '150.00');
api.bank.clock.setMs(Date.UTC(2026, 0, 16, 23, 30));
await api.deposit(account, '1000.00');

test('without asOf the balance is what is posted, held and available now', async () => {
  const { status, body } = await balance();
  assert.equal(status, 200);
  assert.deepEqual(body, {
    accountId: account.id,
    currency: 'EUR',
    asOf: null,
    balance: { posted: '957.50', held: '0.00', available: '1007.50' },
  });
});

const KNOWN: [asOf: string, posted: string][] = [
  ['1800-01-01', '0.00'],
  ['2026-01-13', '0.00'],
  ['2026-01-14', '7.50'],
  ['2026-01-15', '7.50'],
  ['2026-01-16', '-42.50'],
  // 00:30 in Berlin.
  ['2026-01-17', '957.50'],
  ['2026-01-14T11:59:59.999Z', '0.00'],
  ['2026-01-14T12:00:00Z', '7.50'],
  ['2026-01-14T13:00:00+01:00', '7.50'],
  ['2026-01-14T12:59:59.999+01:00', '0.00'],
  ['2026-01-16T11:59:59Z', '7.50'],
  ['2026-01-16T12:00:00Z', '107.50'],
  ['2026-01-16T22:29:59.999999999Z', '107.50'],
  ['2026-01-16T22:30:00Z', '-42.50'],
  ['2026-01-17T00:29:59.999+01:00', '-42.50'],
  ['2026-01-17T00:30:00+01:00', '957.50'],
  ['1800-01-01T00:00:00Z', '0.00'],
];
for (const [asOf, posted] of KNOWN) {
  test(`as of ${asOf} the balance is ${posted}, whatever the value dates`, async () => {
    const { asOf: told, balance: then } = created(await balance(asOf));
    assert.equal(told, asOf);
    assert.deepEqual(then, { posted, held: null, available: null });
  });
}

const BAD = [
  '',
  'yesterday',
  '2026-02-29',
  '2026-13-01',
  '2026-1-14',
  '20260114',
  '1799-12-31',
  '+12026-01-01',
  '2026-01-14T12:00:00',
  '2026-01-14T12:00Z',
  '2026-01-14T24:00:00Z',
  '2026-01-14T12:60:00Z',
  '2026-01-14T12:00:00+25:00',
  '2026-01-14 12:00:00Z',
  '2026-02-30T12:00:00Z',
  '9999-12-31T23:59:59-00:01',
  '1800-01-01T00:00:00+00:01',
  // The future.
  '2026-01-18',
  '2026-01-17T00:30:00.001+01:00',
  '9999-12-31',
  "2026-01-14' or '1'='1",
  '1768392000',
];
for (const asOf of BAD) {
  test(`asOf ${JSON.stringify(asOf)} is refused`, async () => {
    assert.deepEqual(badFields(await balance(asOf)), ['asOf']);
  });
}

test('asOf given twice is refused', async () => {
  const path = `/v1/accounts/${account.id}/balance?asOf=2026-01-14&asOf=2026-01-15`;
  assert.deepEqual(badFields(await api.get(path)), ['asOf']);
});
