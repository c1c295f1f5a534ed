import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountId } from '#lib/ids.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const FAR_EAST = { country: 'DE', bankCode: '10010010', timeZone: 'Pacific/Kiritimati' } as const;
const NEW_YORK = { country: 'DE', bankCode: '10010010', timeZone: 'America/New_York' } as const;

const kiritimati = await openTestBank(FAR_EAST);
const newYork = await openTestBank(NEW_YORK);

const at = (bank: TestBank, instant: string): void =>
  bank.clock.setMs(Temporal.Instant.from(instant).epochMilliseconds);

/** An account with 36,500.00, or another balance in cents, that earns 1 %. */
async function openEarning(
  bank: TestBank,
  code: string,
  interest: Readonly<Record<string, unknown>>,
  amountMinor = 3_650_000n,
): Promise<AccountId> {
  const terms = { interest: { rate: '1', posting: 'monthly', ...interest } };
  const product = { code, currency: EUR, kind: 'savings', name: 'Savings', terms, accounting: {} } as const;
  await bank.products.create(TEST_CALLER, product);
  const account = {
    customerId: await bank.newCustomer(),
    product: code,
    currency: EUR,
    overdraftLimitMinor: 0n,
  };
  const { id: accountId } = await bank.accounts.open(TEST_CALLER, account);
  const money = { accountId, amountMinor, currency: EUR, mode: 'cash' } as const;
  await bank.transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...money });
  return accountId;
}

const closeThrough = (bank: TestBank, date: string) => bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));

/** Closes the date before the first, while it is open: those after it are closed one by one. */
async function begin(bank: TestBank, instant: string, date: string): Promise<void> {
  at(bank, instant);
  await closeThrough(bank, date);
}

/** The interest of an account: value date and cents. */
async function interestOf(bank: TestBank, id: AccountId): Promise<(readonly [IsoDate, bigint])[]> {
  const lines = await bank.transactions.listLines(TEST_CALLER, id, { limit: 100 });
  return lines
    .filter(({ type }) => type === 'interest')
    .map(({ valueDate, signedMinor }) => [valueDate, signedMinor] as const)
    .toReversed();
}

test('a book in Kiritimati, a day ahead, counts the 29th of February as a day of its own', async () => {
  await begin(kiritimati, '2028-02-26T12:00:00Z', '2028-02-27');
  at(kiritimati, '2028-02-27T12:00:00Z');
  // Of 36,600.00 at 1 % each of the 366 days of the year makes 1.00.
  const account = await openEarning(kiritimati, 'leap', { dayCount: 'actual/actual' }, 3_660_000n);
  // The 29th is not over there before ten in the morning in Greenwich.
  at(kiritimati, '2028-02-29T09:59:00Z');
  await assert.rejects(closeThrough(kiritimati, '2028-03-01'), { code: 'date_not_reached' });
  at(kiritimati, '2028-02-29T10:00:00Z');
  await closeThrough(kiritimati, '2028-02-29');
  assert.deepEqual(await interestOf(kiritimati, account), [['2028-03-01', 200n]]);
  at(kiritimati, '2028-03-31T10:00:00Z');
  await closeThrough(kiritimati, '2028-03-31');
  // 36,602.00 for 31 days: 31.0017.
  assert.deepEqual((await interestOf(kiritimati, account)).at(-1), ['2028-04-01', 3_100n]);
  assert.deepEqual(await brokenLaws(kiritimati.databaseUrl), []);
});

test('in New York a day of 23 hours earns a day', async () => {
  await begin(newYork, '2026-03-06T17:00:00Z', '2026-03-06');
  at(newYork, '2026-03-07T17:00:00Z');
  const account = await openEarning(newYork, 'daily', { dayCount: 'actual/365', posting: 'daily' });
  // Midnight is at five until the clocks are put forward in the night to the 8th, then at four.
  at(newYork, '2026-03-09T03:59:00Z');
  await assert.rejects(closeThrough(newYork, '2026-03-09'), { code: 'date_not_reached' });
  at(newYork, '2026-03-09T04:00:00Z');
  await closeThrough(newYork, '2026-03-08');
  assert.deepEqual(await interestOf(newYork, account), [
    ['2026-03-08', 100n],
    ['2026-03-09', 100n],
  ]);
  assert.deepEqual(await brokenLaws(newYork.databaseUrl), []);
});

test('and a day of 25 hours earns a day', async () => {
  const bank = await openTestBank(NEW_YORK);
  await begin(bank, '2026-10-30T17:00:00Z', '2026-10-30');
  at(bank, '2026-10-31T17:00:00Z');
  const account = await openEarning(bank, 'daily', { dayCount: 'actual/365', posting: 'daily' });
  // Midnight is at four until the clocks are put back in the night to the 1st of November, then at five.
  at(bank, '2026-11-02T04:59:00Z');
  await assert.rejects(closeThrough(bank, '2026-11-02'), { code: 'date_not_reached' });
  at(bank, '2026-11-02T05:00:00Z');
  await closeThrough(bank, '2026-11-01');
  assert.deepEqual(await interestOf(bank, account), [
    ['2026-11-01', 100n],
    ['2026-11-02', 100n],
  ]);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

test('where one run closes several months, each is booked on its own last day', async () => {
  const bank = await openTestBank({ ...NEW_YORK, timeZone: 'Europe/Berlin' });
  await begin(bank, '2027-12-30T12:00:00Z', '2027-12-30');
  at(bank, '2027-12-31T12:00:00Z');
  const account = await openEarning(bank, 'months', { dayCount: 'actual/365' });
  at(bank, '2028-03-01T12:00:00Z');
  await closeThrough(bank, '2028-02-29');
  const lines = await bank.transactions.listLines(TEST_CALLER, account, { limit: 100 });
  const interest = lines.filter(({ type }) => type === 'interest').toReversed();
  assert.deepEqual(
    interest.map(({ businessDate, valueDate }) => [businessDate, valueDate]),
    [
      ['2027-12-31', '2028-01-01'],
      ['2028-01-31', '2028-02-01'],
      ['2028-02-29', '2028-03-01'],
    ],
  );
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
