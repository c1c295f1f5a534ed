import { createServices, type Services } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { openBook } from '#features/books/contract.ts';
import { type AccountId, randomIds } from '#lib/ids.ts';
import { ManualClock } from '#lib/time/clock.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import type { DueBank } from './due-bank.ts';

/** More than a chunk of statements takes. */
export const EARNING_ACCOUNTS = 600;
/** Two days before the month ends. */
const TODAY = isoDate('2026-01-30');
const BEGIN = isoDate('2026-01-20');
const LIMIT_MINOR = 10_000n;

/** Interest posted each month, taxed in two parts, and a fee that a large balance waives. */
const TERMS = {
  overdraft: { allowed: true, unarrangedTolerance: '50.00' },
  interest: {
    rate: '36.5',
    posting: 'monthly',
    tax: [
      { name: 'Tax', percent: '25', rounding: 'down' },
      { name: 'Surcharge', percentOfTax: '5.5', rounding: 'down' },
    ],
    overdraft: { arrangedRate: '10', unarrangedRate: '20' },
  },
  fees: [
    {
      code: 'keeping',
      name: 'Account keeping',
      event: 'monthly',
      amount: '4.90',
      tax: { name: 'VAT', percent: '19' },
      waivers: [{ averageBalance: '800.00' }],
    },
    { code: 'cash', name: 'Cash', event: 'withdrawal', amount: '20.00', whenShort: 'overdraft' },
  ],
} as const;

/**
 * A bank at the end of a month whose accounts earn, owe and pay fees: every fifth has too little for its fee, and some are
 * overdrawn beyond their limit. Its date is moved by hand. Nobody is connected to it.
 */
export async function createEarningBank(): Promise<DueBank> {
  const database = await createTestDatabase();
  const { databaseUrl } = database;
  const { db, postingPool, close } = openDatabase({ databaseUrl });
  const clock = new ManualClock(START_MS);
  const context = { db, postingPool, bookId: 1, clock, ids: randomIds, dataKey: TEST_DATA_KEY };
  try {
    const book = { name: 'Earning', country: 'DE', bankCode: '10010010', timeZone: 'Europe/Berlin' };
    await openBook(context, book);
    const services = createServices(context);
    await services.calendar.setDate(TEST_CALLER, BEGIN);
    await services.products.addVersion(TEST_CALLER, 'current', {
      currency: EUR,
      effectiveFrom: BEGIN,
      appliesTo: 'all_accounts',
      terms: TERMS,
    });
    const accounts = await openAccounts(services);
    await payIn(services, accounts);
    const overdrawn = accounts.filter((_, index) => index % 3 === 0);
    await overdraw(services, overdrawn);
    await services.calendar.setDate(TEST_CALLER, TODAY);
    await payIn(
      services,
      accounts.filter((id) => !overdrawn.includes(id)),
    );
    await services.drain();
  } finally {
    await close();
  }
  return database;
}

async function openAccounts({ customers, accounts }: Services): Promise<AccountId[]> {
  const { id: customerId } = await customers.create(
    TEST_CALLER,
    { type: 'person', givenName: 'Ada', familyName: 'Lovelace', dateOfBirth: isoDate('1990-12-10') },
    { metadata: {} },
  );
  const ids: AccountId[] = [];
  for (let count = 0; count < EARNING_ACCOUNTS; count += 1) {
    const overdraftLimitMinor = count % 3 === 0 ? LIMIT_MINOR : 0n;
    const terms = { product: 'current', currency: EUR, overdraftLimitMinor };
    ids.push((await accounts.open(TEST_CALLER, { customerId, ...terms })).id);
  }
  return ids;
}

/** A line on each account, and one whose money counts for earlier days on every tenth. */
async function payIn({ batches, transactions }: Services, ids: readonly AccountId[]): Promise<void> {
  const cash = { currency: EUR, mode: 'cash' } as const;
  const deposits = ids.map((accountId, index) => ({
    ...cash,
    kind: 'deposit' as const,
    accountId,
    amountMinor: index % 5 === 1 ? 150n : BigInt(1_000 + ((index * 7_919) % 90_000)),
  }));
  await batches.post({ caller: TEST_CALLER, idempotencyKey: newKey(), mode: 'atomic', items: deposits });
  for (const accountId of ids.filter((_, index) => index % 10 === 0)) {
    const late = { ...cash, accountId, amountMinor: 500n, valueDate: BEGIN };
    await transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...late });
  }
}

/** Draws all that there is and the limit: the fee for it goes beyond. */
async function overdraw({ accounts, transactions }: Services, ids: readonly AccountId[]): Promise<void> {
  for (const id of ids) {
    const { funds } = await accounts.get(TEST_CALLER, id);
    const amountMinor = funds.postedMinor + LIMIT_MINOR;
    const cash = { accountId: id, amountMinor, currency: EUR, mode: 'cash' } as const;
    await transactions.withdraw({ caller: TEST_CALLER, idempotencyKey: newKey(), ...cash });
  }
}
