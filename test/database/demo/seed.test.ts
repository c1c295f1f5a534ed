import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { OTHER_CUSTOMER, OTHER_IBAN, SAVINGS } from '#bank/examples/example.ts';
import { createServices } from '#bank/services.ts';
import { type Database, type Db, openDatabase } from '#db/database.ts';
import { DemoIds } from '#demo/demo-ids.ts';
import { openAccounts } from '#demo/open-accounts.ts';
import { offerProducts } from '#demo/products.ts';
import type { DemoProgress } from '#demo/run-plan.ts';
import { seedDemo } from '#demo/seed.ts';
import type { ReportRow } from '#features/accounting/reports/compose.ts';
import type { FinancialReport } from '#features/accounting/reports/service.ts';
import { openBook } from '#features/books/contract.ts';
import { exampleId } from '#http/schemas.ts';
import { type AccountId, type CustomerId, fromTypeId, randomIds, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { lastOfMonth, monthsAfter } from '#lib/time/calendar.ts';
import { ManualClock } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { brokenLaws } from '#test/support/verified.ts';

const BOOK = { name: 'Florin Bank', country: 'DE', bankCode: '10010010', timeZone: 'Europe/Berlin' };
const EUR = 'EUR' as Currency;
const TODAY = '2026-11-22' as IsoDate;
const FIRST_DAY = '2025-11-22' as IsoDate;

const bank = await openEmptyBank();
const { db } = bank;
const twinBank = await openEmptyBank();
const twin = twinBank.db;
const otherBank = await openEmptyBank();
const other = otherBank.db;
const progress: DemoProgress[] = [];
const summary = await seedDemo(
  { ...bank, bookId: 1, dataKey: TEST_DATA_KEY },
  { book: BOOK, today: TODAY, onProgress: (step) => progress.push(step) },
);

const services = createServices({
  ...bank,
  bookId: 1,
  dataKey: TEST_DATA_KEY,
  clock: new ManualClock(Date.parse(TODAY)),
  ids: new DemoIds(),
});
after(() => services.drain());

test('savings earn, overdrafts and business accounts cost, from the first day on that is ended', async () => {
  const { rows } = await sql`
    select product_code as product, effective_on as "from", terms -> 'interest' ->> 'posting' as posting
    from product_terms order by 1, 2`.execute(db);
  assert.deepEqual(rows, [
    { product: 'business', from: FIRST_DAY, posting: null },
    { product: 'business', from: '2026-10-01', posting: 'monthly' },
    { product: 'current', from: '2026-10-01', posting: 'quarterly' },
    { product: 'fixed_term', from: FIRST_DAY, posting: null },
    { product: 'saving_plan', from: FIRST_DAY, posting: null },
    { product: 'savings', from: '2026-10-01', posting: 'monthly' },
  ]);
});

test('the demo is a small bank with a year of transactions that ends yesterday', async () => {
  const { transactions, ...rest } = summary;
  const days = { firstDay: '2025-11-22', lastDay: '2026-11-21' };
  assert.deepEqual(rest, { customers: 50, accounts: 97, standingOrders: 85, ...days });
  assert.ok(transactions >= 6_000 && transactions <= 10_000, `${transactions}`);
  const { rows } = await sql`
    select (select count(*) from customers) as customers, (select count(*) from accounts) as accounts,
      (select count(*) from transactions) as transactions,
      (select min(business_date) from journal_entries) as first, (select max(business_date) from journal_entries) as last,
      (select business_date from books) as today`.execute(db);
  assert.deepEqual(rows, [
    {
      customers: 50n,
      accounts: 97n,
      transactions: BigInt(transactions),
      first: '2025-11-22',
      last: '2026-11-21',
      today: '2026-11-21',
    },
  ]);
});

test('all laws of the books hold, and the trial balance is even with nothing owed by the till', async () => {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  const { lines, totals } = await services.accounting.trialBalance(TODAY);
  for (const { debitMinor, creditMinor } of totals) assert.equal(debitMinor, creditMinor);
  assert.deepEqual(
    totals.map(({ currency }) => currency),
    ['EUR', 'CHF', 'USD'],
  );
  for (const line of lines) {
    const isDebit = line.class === 'asset' || line.class === 'expense';
    assert.equal(line.debitMinor > 0n, isDebit, `${line.name} ${line.currency}`);
  }
});

test('entries are booked on the date of their instant, and their ids sort by time', async () => {
  const { rows } = await sql`
    select entry_id from (
      select entry_id, business_date, posted_at, lag(posted_at) over (order by entry_id) as before
      from journal_entries
    ) as entries
    where business_date <> (posted_at at time zone 'Europe/Berlin')::date or posted_at < before`.execute(db);
  assert.deepEqual(rows, []);
});

test('accounts are of every kind: joint, overdrawn, frozen, closed, in three currencies', async () => {
  const { rows } = await sql`
    select
      (select count(*) from ledger_accounts where kind = 'customer' and status = 'frozen') as frozen,
      (select count(*) from ledger_accounts where kind = 'customer' and status = 'closed') as closed,
      (select count(distinct debit_account_id) > 3 from postings where debit_balance_minor < 0) as overdrawn,
      (select count(*) from account_holders where role = 'joint') as joint,
      (select count(distinct kind) from journal_entries where kind in ('deposit', 'withdrawal', 'transfer', 'reversal',
        'journal', 'loan_disbursement', 'loan_repayment', 'interest', 'interest_accrual', 'withholding_tax', 'fee')
      ) as kinds`.execute(db);
  // One was closed by its owner, one with a deposit that was renewed.
  assert.deepEqual(rows, [{ frozen: 2n, closed: 2n, overdrawn: true, joint: 5n, kinds: 11n }]);
});

test('two seedings on one day give the same bank to the last id and instant', async () => {
  await seedDemo({ ...twinBank, bookId: 1, dataKey: TEST_DATA_KEY }, { book: BOOK, today: TODAY });
  assert.deepEqual(await dump(twin), await dump(db));
  assert.deepEqual(await dumpOrders(twin), await dumpOrders(db));
});

test('the demo walks on: what its people ordered is paid on the days that follow', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
  const services = createServices({ ...twinBank, bookId: 1, dataKey: TEST_DATA_KEY, clock, ids: randomIds });
  const caller = { actor: 'test', role: 'operator' } as const;
  await services.calendar.setDate(caller, TODAY);
  await services.endOfDay.closeThrough(caller, '2026-12-04' as IsoDate);
  await services.drain();
  const { rows } = await sql<{ day: number; paid: number }>`
    select o.anchor_day as day, count(*)::int as paid from standing_order_executions x
    join standing_orders o using (book_id, standing_order_id) where x.status = 'paid'
    group by 1 order by 1`.execute(twin);
  assert.deepEqual(
    rows.map(({ day }) => day),
    [1, 2, 3, 26, 27],
    'shares of households, savings, rents, a reserve, salaries',
  );
  assert.ok(rows.every(({ paid }) => paid > 0));
  assert.deepEqual(await brokenLaws(twinBank.databaseUrl), []);
});

test('customers, accounts, ids and numbers are the same on every day', async () => {
  const ids = new DemoIds();
  const context = {
    ...otherBank,
    bookId: 1,
    clock: new ManualClock(Date.UTC(2031, 4, 5, 9)),
    ids,
    dataKey: TEST_DATA_KEY,
  };
  await openBook(context, BOOK);
  await offerProducts(createServices(context), ids, '2031-05-05' as IsoDate);
  await openAccounts(createServices(context), ids);
  assert.deepEqual(await dumpWhoIsWho(other), await dumpWhoIsWho(db));
});

test('a year ends: the balance sheet balances each month, and its result goes to equity', async () => {
  const clock = new ManualClock(Date.UTC(2026, 11, 5, 12));
  const { endOfDay, reports, years, drain } = createServices({
    ...twinBank,
    bookId: 1,
    dataKey: TEST_DATA_KEY,
    clock,
    ids: randomIds,
  });
  const caller = { actor: 'test', role: 'operator' } as const;
  const amount = ({ currencies }: FinancialReport, keyOrCode: string): bigint | undefined => {
    const rows = currencies.find(({ currency }) => currency === EUR)?.rows ?? [];
    const isMeant = ({ key, code }: ReportRow): boolean => key === keyOrCode || code === keyOrCode;
    return rows.find((row) => row.amounts !== undefined && isMeant(row))?.amounts?.[0];
  };
  await endOfDay.closeThrough(caller, '2027-01-05' as IsoDate);
  const year = { from: FIRST_DAY, to: '2026-12-31' as IsoDate };
  const resultMinor = amount(await reports.profitAndLoss(year), 'result');
  assert.ok(resultMinor !== undefined && resultMinor > 0n, `${resultMinor}`);
  await years.close(caller, 2026, 'Annual accounts');
  for (let month = 0; month < 14; month += 1) {
    const asOf = lastOfMonth(monthsAfter('2025-11-01' as IsoDate, month));
    const sheet = await reports.balanceSheet({ asOf });
    const assetsMinor = amount(sheet, 'assets');
    assert.ok(assetsMinor !== undefined && assetsMinor > 0n, asOf);
    assert.equal(amount(sheet, 'liabilitiesAndEquity'), assetsMinor, asOf);
  }
  const atEnd = await reports.balanceSheet({ asOf: year.to });
  assert.equal(amount(atEnd, '3100'), resultMinor);
  await drain();
  assert.deepEqual(await brokenLaws(twinBank.databaseUrl), []);
});

test('there is one of everything to look at: fees, an overdraft that is paid for, deposits, instalments, statements', async () => {
  const { rows } = await sql`
    select
      (select count(*)::int from loan_events where kind = 'repaid') as instalments,
      (select count(*)::int from loans where overdue_since is not null) as overdue,
      (select array_agg(status order by account_id) from deposits) as deposits,
      (select array_agg((details ->> 'instalment')::int order by event_number) from deposit_events
        where kind = 'instalment_paid') as collected,
      (select min(matures_on)::text from deposits where status = 'active') as "nextMaturity",
      (select count(*) > 0 from account_fees where status = 'charged' and event = 'monthly') as "monthlyFees",
      (select count(*) > 0 from account_fees where status = 'charged' and event = 'withdrawal') as "cashFees",
      (select count(*) > 0 from interest_postings where arranged_minor > 0) as "paidOverdrafts",
      (select count(*) > 12 from interest_postings where tax_entry_id is not null) as taxed,
      (select array_agg(distinct to_on::text) from account_statements) as statements`.execute(db);
  assert.deepEqual(rows, [
    {
      instalments: 11,
      overdue: 0,
      deposits: ['active', 'renewed', 'active', 'active', 'active'],
      collected: [2, 3, 4],
      nextMaturity: '2026-11-30',
      monthlyFees: true,
      cashFees: true,
      paidOverdrafts: true,
      taxed: true,
      statements: ['2026-10-31'],
    },
  ]);
});

test('customers have beneficiaries here and elsewhere, one of them new', async () => {
  const { rows } = await sql`
    select count(*) filter (where a.iban is not null) as here, count(*) filter (where a.iban is null) as elsewhere,
      count(*) filter (where usable_from > '2026-11-22T05:00:00Z') as new
    from beneficiaries b left join accounts a on a.iban = b.iban`.execute(db);
  assert.deepEqual(rows, [{ here: 5n, elsewhere: 4n, new: 1n }]);
});

test('the customer, account and beneficiary of the examples in the document are there, and belong together', async () => {
  const { rows } = await sql<{ customer: CustomerId; iban: string }>`
    select b.customer_id as customer, a.iban from beneficiaries b
    join accounts a using (book_id, customer_id)
    where a.account_id = ${fromTypeId('account', exampleId('account'))}
      and b.beneficiary_id = ${fromTypeId('beneficiary', exampleId('beneficiary'))}`.execute(db);
  assert.deepEqual(
    rows.map(({ customer }) => toTypeId('customer', customer)),
    [exampleId('customer')],
  );
  // The payee of the examples: another account, so that a transfer of them is done.
  assert.notEqual(rows[0]?.iban, OTHER_IBAN);
  const others = await sql<{ id: AccountId; owner: CustomerId }>`
    select account_id as id, customer_id as owner from accounts
    where account_id = ${fromTypeId('account', SAVINGS)} or iban = ${OTHER_IBAN} order by number`.execute(db);
  assert.deepEqual(
    others.rows.map(({ owner }) => toTypeId('customer', owner)),
    [OTHER_CUSTOMER, exampleId('customer')],
  );
});

test('the README can quote these', async () => {
  const { rows } = await sql<{ email: string; customerId: CustomerId; accountId: AccountId; iban: string }>`
    select email, customer_id as "customerId", account_id as "accountId", iban
    from accounts join customers using (book_id, customer_id) order by number limit 1`.execute(db);
  const [first] = rows;
  assert.deepEqual(
    {
      ...first,
      customerId: toTypeId('customer', first!.customerId),
      accountId: toTypeId('account', first!.accountId),
    },
    {
      email: 'anna.sommer@example.com',
      customerId: 'cus_01hk4jzh00e009x63yh8a3z8rc',
      accountId: 'acc_01hk4jzh00e009nhch0mh56jg3',
      iban: 'DE88100100101000000001',
    },
  );
});

test('progress is told round by round up to the whole', () => {
  assert.ok(progress.length > 300);
  assert.ok(progress.every(({ done }, index) => done > (progress[index - 1]?.done ?? 0)));
  assert.equal(progress.at(-1)?.done, progress.at(-1)?.total);
});

test('a book that is in use is refused and left as it is', async () => {
  const before = await dump(db);
  await assert.rejects(
    seedDemo({ ...bank, bookId: 1, dataKey: TEST_DATA_KEY }, { book: BOOK, today: TODAY }),
    {
      code: 'book_exists',
      status: 409,
    },
  );
  assert.deepEqual(await dump(db), before);
});

type EmptyBank = Pick<Database, 'db' | 'postingPool'> & { readonly databaseUrl: string };

async function openEmptyBank(): Promise<EmptyBank> {
  const database = await createTestDatabase();
  const { db, postingPool, close } = openDatabase({ databaseUrl: database.databaseUrl });
  after(async () => {
    await close();
    await database.drop();
  });
  return { db, postingPool, databaseUrl: database.databaseUrl };
}

/** Everything but the instants of rows, which are the database's own. */
async function dump(from: Db): Promise<unknown> {
  const { rows: money } = await sql`
    select e.entry_id, e.kind, e.business_date, e.value_date, e.posted_at, e.idempotency_key, e.reverses_entry_id,
      p.line, p.debit_account_id, p.credit_account_id, p.amount_minor, p.currency, p.debit_seq,
      p.debit_balance_minor, p.credit_seq, p.credit_balance_minor, t.account_id, t.mode, t.description, t.reference
    from journal_entries e
    join postings p using (book_id, entry_id)
    join transactions t on t.book_id = e.book_id and t.transaction_id = e.entry_id
    order by e.entry_id, p.line`.execute(from);
  const { rows: funds } = await sql`
    select ledger_account_id, gl_code, currency, status, balance_minor, floor_minor, seq, last_posted_at
    from ledger_accounts order by ledger_account_id`.execute(from);
  const { rows: beneficiaries } = await sql`
    select beneficiary_id, customer_id, name, iban, limit_per_day_minor, usable_from from beneficiaries
    order by beneficiary_id`.execute(from);
  return { money, funds, beneficiaries, who: await dumpWhoIsWho(from) };
}

async function dumpOrders(from: Db): Promise<unknown> {
  const { rows } = await sql`
    select standing_order_id, account_id, to_account_id, amount_minor, anchor_day, next_due_on, status, description
    from standing_orders order by standing_order_id`.execute(from);
  return rows;
}

/** Accounts of deposits are opened in the year, and so are others on other days. */
async function dumpWhoIsWho(from: Db): Promise<unknown> {
  const { rows: customers } = await sql`
    select customer_id, type, given_name, family_name, date_of_birth, sex, legal_name, registration_number, email,
      phone, address_line1, city, postal_code, country
    from customers order by customer_id`.execute(from);
  const { rows: accounts } = await sql`
    select account_id, customer_id, product_code, currency, number, iban from accounts
    where product_code not in ('fixed_term', 'saving_plan') order by number`.execute(from);
  const { rows: holders } = await sql`
    select h.account_id, h.customer_id, h.role from account_holders h join accounts a using (book_id, account_id)
    where a.product_code not in ('fixed_term', 'saving_plan') order by h.account_id, h.customer_id`.execute(
    from,
  );
  return { customers, accounts, holders };
}
