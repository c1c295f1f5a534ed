import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountCache } from '#ledger/account-cache.ts';
import type { ReadAccount } from '#ledger/lock-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { MAX_MINOR, MIN_MINOR } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const id = (n: number): AccountId =>
  `01900000-0000-7000-8000-${String(n).padStart(12, '0')}` as unknown as AccountId;

const STATUSES = ['active', 'estate', 'dormant', 'debits_frozen', 'frozen', 'closed'] as const;
const CURRENCIES = ['EUR', 'JPY', 'USD'].map((code) => requireCurrency(code));

/** An account whose every field follows from two numbers. */
function account(n: number, version = 0): ReadAccount {
  const day = String(1 + ((n + version) % 28)).padStart(2, '0');
  return {
    id: id(n),
    currency: CURRENCIES[n % 3] ?? requireCurrency('EUR'),
    status: STATUSES[(n + version) % 6] ?? 'closed',
    isContract: (n + version) % 5 === 0,
    balanceMinor: version % 2 === 0 ? MAX_MINOR - BigInt(n) : MIN_MINOR + BigInt(n),
    heldMinor: BigInt(n),
    floorMinor: -BigInt(n) * 7n,
    unarrangedMinor: BigInt(version),
    minimumMinor: BigInt(n + version),
    openingDepositMinor: BigInt(n * 3),
    seq: BigInt(n) << 30n,
    lastBusinessDate: (n + version) % 4 === 0 ? undefined : (`2026-01-${day}` as IsoDate),
    lastPostedAtMs: Date.UTC(2026, 0, 1) + n * 1_000 + version,
  };
}

test('every field of an account comes back as it was remembered last', () => {
  const cache = new AccountCache(100);
  for (let n = 0; n < 60; n++) cache.remember([account(n), account(n, n)]);
  for (let n = 0; n < 60; n++) assert.deepEqual(cache.get(id(n)), account(n, n));
});

test('those not heard of for longest are forgotten, and no account takes the place of another', () => {
  const cache = new AccountCache(10);
  let expected: number[] = [];
  const versions = new Map<number, number>();
  for (let step = 0; step < 5_000; step++) {
    const n = (step * step + 3 * (step % 11)) % 37;
    if (step % 7 === 0) {
      cache.forget([id(n), id(n + 1)]);
      expected = expected.filter((one) => one !== n && one !== n + 1);
    } else {
      cache.remember([account(n, step)]);
      versions.set(n, step);
      expected = [...expected.filter((one) => one !== n), n].slice(-10);
    }
    for (let other = 0; other < 38; other++) {
      const remembered = expected.includes(other) ? account(other, versions.get(other)) : undefined;
      assert.deepEqual(cache.get(id(other)), remembered, `step ${step}, account ${other}`);
      assert.equal(cache.has(id(other)), remembered !== undefined);
    }
  }
});
