import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createServices, type Services } from '#bank/services.ts';
import { type Db, openDatabase } from '#db/database.ts';
import { type NewBook, openBook } from '#features/books/contract.ts';
import { type AccountId, type CustomerId, randomIds } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { ManualClock, systemClock } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { TEST_DATA_KEY } from './data-key.ts';
import { START_MS, TEST_BOOK } from './test-book.ts';
import { createDatabaseWithBook, createTestDatabase } from './test-database.ts';

export { START_MS };

export const EUR = 'EUR' as Currency;

/** A bank in a database of its own, with a clock that stands; gone after the test file. */
export type TestBank = Services & {
  readonly db: Db;
  readonly clock: ManualClock;
  readonly databaseUrl: string;
  /** A customer, and an account of theirs in EUR with a balance and overdraft in cents. */
  newCustomer(): Promise<CustomerId>;
  newAccount(options?: {
    balanceMinor?: bigint;
    overdraftMinor?: bigint;
    customerId?: CustomerId;
    currency?: Currency;
  }): Promise<AccountId>;
  balanceOf(id: AccountId): Promise<bigint>;
};

export const TEST_CALLER = { actor: 'test', role: 'operator' } as const;

/** A fresh Idempotency-Key. */
export function newKey(): string {
  return randomUUID();
}

/** The least that argon2 takes: a hash in a fraction of a millisecond. */
const CHEAP_PASSWORDS = { memoryKib: 8, passes: 1 };

/** How a test bank differs from the others: its book may. */
export type TestBankOptions = Partial<NewBook> & {
  readonly longWork?: boolean;
  readonly realPasswords?: boolean;
  readonly through?: (databaseUrl: string) => Promise<string>;
};

/**
 * Opens a test bank. Call with `await` at the top level of a test file: its end closes the bank. `longWork` is not
 * cut off, as in imports; `realPasswords` cost what they cost in production; `through` is the way to the database.
 */
export async function openTestBank({
  longWork = false,
  realPasswords = false,
  through,
  ...book
}: TestBankOptions = {}): Promise<TestBank> {
  const isOfTemplate = Object.keys(book).length === 0;
  const database = await (isOfTemplate ? createDatabaseWithBook() : createTestDatabase());
  const { databaseUrl } = database;
  const clock = new ManualClock(START_MS);
  const { db, postingPool, close } = openDatabase({
    databaseUrl: (await through?.(databaseUrl)) ?? databaseUrl,
    clock,
    ...(longWork ? { statementTimeoutMs: 0 } : {}),
  });
  after(async () => {
    await close();
    await database.drop();
  });
  const context = {
    db,
    postingPool,
    bookId: 1,
    clock,
    ids: randomIds,
    dataKey: TEST_DATA_KEY,
    ...(realPasswords ? {} : { passwordCost: CHEAP_PASSWORDS }),
  };
  if (!isOfTemplate) await openBook(context, { ...TEST_BOOK, ...book });
  const services = createServices(context);
  return { ...services, db, clock, databaseUrl, ...factories(services) };
}

/**
 * Runs work on several servers over one bank, each with a pool and queue of its own, and returns how many
 * deadlocks PostgreSQL had to break meanwhile. It counts them once the connections are closed.
 */
export async function withServers(
  bank: TestBank,
  count: number,
  work: (servers: readonly Services[]) => Promise<void>,
): Promise<bigint> {
  const { databaseUrl } = bank;
  const applicationName = `florin race ${randomUUID()}`;
  const databases = Array.from({ length: count }, () => openDatabase({ databaseUrl, applicationName }));
  const watcher = new pg.Client({ connectionString: databaseUrl });
  await watcher.connect();
  try {
    const before = await countDeadlocks(watcher);
    await work(
      databases.map(({ db, postingPool }) =>
        createServices({
          db,
          postingPool,
          bookId: 1,
          clock: systemClock,
          ids: randomIds,
          dataKey: TEST_DATA_KEY,
        }),
      ),
    );
    for (const { close } of databases) await close();
    // A backend reports its statistics as it exits, and is listed until it has done so.
    while (await isConnected(watcher, applicationName)) await delay(2);
    return (await countDeadlocks(watcher)) - before;
  } finally {
    for (const { abandon } of databases) await abandon();
    await watcher.end();
  }
}

async function isConnected(watcher: pg.Client, applicationName: string): Promise<boolean> {
  const sessions = 'select 1 from pg_stat_activity where application_name = $1';
  return (await watcher.query(sessions, [applicationName])).rowCount !== 0;
}

async function countDeadlocks(watcher: pg.Client): Promise<bigint> {
  const { rows } = await watcher.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return BigInt(rows[0]?.deadlocks ?? 0);
}

/** What makes customers and accounts through the services of a book. */
export function factories(services: Services): Pick<TestBank, 'newCustomer' | 'newAccount' | 'balanceOf'> {
  const newCustomer = async (): Promise<CustomerId> => {
    const dateOfBirth = '1990-12-10' as IsoDate;
    const identity = { type: 'person', givenName: 'Ada', familyName: 'Lovelace', dateOfBirth } as const;
    return (await services.customers.create(TEST_CALLER, identity, { metadata: {} })).id;
  };
  return {
    newCustomer,
    newAccount: async ({ balanceMinor = 0n, overdraftMinor = 0n, customerId, currency = EUR } = {}) => {
      const account = await services.accounts.open(TEST_CALLER, {
        customerId: customerId ?? (await newCustomer()),
        product: 'current',
        currency,
        overdraftLimitMinor: overdraftMinor,
      });
      if (balanceMinor > 0n) {
        await services.transactions.deposit({
          caller: TEST_CALLER,
          idempotencyKey: newKey(),
          accountId: account.id,
          amountMinor: balanceMinor,
          currency,
          mode: 'cash',
        });
      }
      return account.id;
    },
    balanceOf: async (id) => (await services.accounts.get(TEST_CALLER, id)).funds.postedMinor,
  };
}
