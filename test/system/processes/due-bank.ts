import { sql } from 'kysely';
import { createServices } from '#bank/services.ts';
import { type Db, openDatabase } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { SeededRandom } from '#demo/random.ts';
import { openBook } from '#features/books/contract.ts';
import { insertOrders, StandingOrder } from '#features/standing-orders/contract.ts';
import { type AccountId, newId, randomIds } from '#lib/ids.ts';
import { ManualClock } from '#lib/time/clock.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

const ACCOUNTS = 60;
const ORDERS = 2_400;
const LOANS = 30;
/** A Wednesday; what falls due reaches over the weekend. */
const TODAY = isoDate('2026-01-14');

/** Posted and taxed every day, as at the end of a month. */
const INTEREST = {
  rate: '36.5',
  posting: 'daily',
  tax: [{ name: 'Tax', percent: '25', rounding: 'down' }],
  overdraft: { arrangedRate: '10', unarrangedRate: '20' },
};

export type DueBank = { readonly databaseUrl: string; readonly drop: () => Promise<void> };

/**
 * A bank whose customers owe each other much: orders that fall due on a few days, weekly and monthly, of which many
 * can be paid only by who was paid before. Its date is moved by hand. Nobody is connected to it.
 */
export async function createDueBank(): Promise<DueBank> {
  const database = await createTestDatabase();
  const { databaseUrl } = database;
  const { db, postingPool, close } = openDatabase({ databaseUrl });
  const clock = new ManualClock(START_MS);
  const context = { db, postingPool, bookId: 1, clock, ids: randomIds, dataKey: TEST_DATA_KEY };
  try {
    const book = { name: 'Due', country: 'DE', bankCode: '10010010', timeZone: 'Europe/Berlin' };
    await openBook(context, book);
    const services = createServices(context);
    await services.calendar.setDate(TEST_CALLER, TODAY);
    await services.products.addVersion(TEST_CALLER, 'current', {
      currency: EUR,
      effectiveFrom: TODAY,
      appliesTo: 'all_accounts',
      terms: { overdraft: { allowed: true }, interest: INTEREST },
    });
    const accounts = await openAccounts(services);
    const random = new SeededRandom(31);
    const orders = Array.from({ length: ORDERS }, () => {
      const payer = random.between(0, ACCOUNTS - 1);
      const payee = (payer + random.between(1, ACCOUNTS - 1)) % ACCOUNTS;
      return StandingOrder.open(
        {
          id: newId(randomIds, 'standingOrder'),
          accountId: accounts[payer]!,
          payee: { accountId: accounts[payee]! },
          amountMinor: random.amount(50n, 900n),
          currency: EUR,
          every: { count: 1, unit: random.chance(300) ? 'week' : 'month' },
          startOn: isoDate(`2026-01-${random.between(14, 19)}`),
          endOn: undefined,
        },
        TODAY,
      );
    });
    await inTransaction(db, (tx) => insertOrders(tx, 1, orders));
    await lend(services, accounts);
    await holdForTerms(services, accounts);
    await saveUp(services, accounts);
    await services.drain();
  } finally {
    await close();
  }
  return database;
}

async function openAccounts(services: ReturnType<typeof createServices>): Promise<AccountId[]> {
  const { id: customerId } = await services.customers.create(
    TEST_CALLER,
    { type: 'person', givenName: 'Ada', familyName: 'Lovelace', dateOfBirth: isoDate('1990-12-10') },
    { metadata: {} },
  );
  const accounts: AccountId[] = [];
  for (let count = 0; count < ACCOUNTS; count += 1) {
    const terms = { product: 'current', currency: EUR, overdraftLimitMinor: 0n };
    const { id } = await services.accounts.open(TEST_CALLER, { customerId, ...terms });
    accounts.push(id);
    // Every third has nothing to begin with.
    if (count % 3 === 0) continue;
    await services.transactions.deposit({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId: id,
      amountMinor: 2_000n,
      currency: EUR,
      mode: 'cash',
    });
  }
  return accounts;
}

/** Loans of a few days, of which some cannot be repaid: every other day an instalment falls due. */
async function lend(
  { loanProducts, loans, loanPayments, accounts }: ReturnType<typeof createServices>,
  ids: readonly AccountId[],
): Promise<void> {
  const product = await loanProducts.create(TEST_CALLER, {
    name: 'Due',
    currency: EUR,
    conditions: {
      amount: { min: '1', max: '100' },
      instalments: { min: 1, max: 10 },
      annualRatePercent: { min: '0', max: '1000', default: '400' },
      every: { count: 2, unit: 'day' },
      penaltyRatePercent: '900',
      fees: [
        { kind: 'origination', amount: '0.50' },
        { kind: 'late', amount: '0.20' },
      ],
      provisioningPercent: {
        current: '1',
        days1To30: '10',
        days31To60: '25',
        days61To90: '50',
        over90: '100',
      },
    },
  });
  for (const accountId of ids.slice(0, LOANS)) {
    const { customerId } = await accounts.get(TEST_CALLER, accountId);
    const { loan } = await loans.apply(TEST_CALLER, {
      customerId,
      accountId,
      productId: product.state.id,
      amount: '20.00',
      currency: EUR,
      requestedTerms: { instalments: 4 },
      directDebit: true,
    });
    await loans.approve({ caller: TEST_CALLER, id: loan.id });
    const request = { caller: TEST_CALLER, idempotencyKey: newKey(), id: loan.id };
    await loanPayments.disburse({ ...request, feesFrom: 'account' });
  }
}

/** Deposits of a few days, of which interest is paid out every day: each pays standing orders with it. */
async function holdForTerms(
  { products, deposits, accounts }: ReturnType<typeof createServices>,
  ids: readonly AccountId[],
): Promise<void> {
  const rates = [{ unit: 'day', from: 1, rate: '365' }];
  await products.create(TEST_CALLER, {
    code: 'few_days',
    currency: EUR,
    kind: 'term_deposit',
    name: 'A few days',
    accounting: {},
    terms: { deposit: { rates, maturityDay: 'same' }, interest: { posting: 'daily', compounding: 'none' } },
  });
  for (const [index, accountId] of ids.entries()) {
    // Those that have something to begin with.
    if (index % 3 === 0) continue;
    const { customerId } = await accounts.get(TEST_CALLER, accountId);
    await deposits.open(TEST_CALLER, {
      customerId,
      product: 'few_days',
      currency: EUR,
      amountMinor: 500n,
      term: { unit: 'day', count: 1 + (index % 4) },
      frequency: undefined,
      fromAccountId: accountId,
      instruction: { onMaturity: 'pay_out', payoutAccountId: accountId },
    });
  }
}

/** Recurring deposits, more than a chunk of them, whose instalments not everybody has: some are missed. */
async function saveUp(
  { products, deposits, accounts }: ReturnType<typeof createServices>,
  ids: readonly AccountId[],
): Promise<void> {
  const instalments = { graceDays: 1, missedFee: '0.01', missedRateCut: '100', postponesMaturity: true };
  await products.create(TEST_CALLER, {
    code: 'a_week',
    currency: EUR,
    kind: 'recurring_deposit',
    name: 'Each week',
    accounting: {},
    terms: {
      deposit: { rates: [{ unit: 'day', from: 1, rate: '365' }], maturityDay: 'same', instalments },
      interest: { posting: 'daily', compounding: 'none' },
    },
  });
  for (const [index, accountId] of ids.entries()) {
    if (index % 3 === 0) continue;
    const { customerId } = await accounts.get(TEST_CALLER, accountId);
    for (let count = 0; count < 6; count += 1) {
      await deposits.open(TEST_CALLER, {
        customerId,
        product: 'a_week',
        currency: EUR,
        amountMinor: 20n,
        term: { unit: 'day', count: 21 },
        frequency: 'weekly',
        fromAccountId: accountId,
        instruction: { onMaturity: 'pay_out', payoutAccountId: accountId },
      });
    }
  }
}

/**
 * What must be the same however often the end of day was cut off: all that is kept but ids and instants. The step of fees
 * that are due ends with the id of one.
 */
const STATE = `
  select md5(string_agg(part, e'\\n' order by part)) as hash, count(*)::int as rows from (
    select 'account ' || (ledger_account_id, balance_minor, held_minor, seq, last_business_date)::text as part
      from ledger_accounts
    union all select 'posting ' || (debit_account_id, credit_account_id, amount_minor, business_date, debit_seq,
      debit_balance_minor, credit_seq, credit_balance_minor)::text from postings
    union all select 'entry ' || (kind, business_date, value_date, actor,
      case when actor = 'standing-orders' then idempotency_key end)::text from journal_entries
    union all select 'transaction ' || (account_id, type, mode, amount_minor)::text from transactions
    union all select 'execution ' || (standing_order_id, due_on, status, attempts, attempted_on, next_attempt_on,
      failure_code, transaction_id is not null)::text from standing_order_executions
    union all select 'order ' || (standing_order_id, next_due_on, status, version)::text from standing_orders
    union all select 'loan ' || (loan_id, status, principal_minor, interest_accrued_minor, fees_due_minor,
      penalties_due_minor, unpaid, period, accrued_through, provision_minor, last_event_number)::text from loans
    union all select 'loan event ' || (loan_id, event_number, kind, happened_on, amount_minor, details,
      entry_id is not null)::text from loan_events
    union all select 'interest ' || (account_id, period_from, accrued_through, seq, state, limits, credit_minor,
      debit_minor)::text from interest_positions
    union all select 'interest posting ' || (account_id, posting_number, period_from, period_to, is_correction,
      credit_minor, arranged_minor, unarranged_minor, tax)::text from interest_postings
    union all select 'fee ' || (account_id, fee_code, terms_version, business_date, month_on, event_number, due_on, facts,
      fee_minor, tax_minor, status, not_charged, entry_id is not null)::text from account_fees
    union all select 'fee line ' || (f.account_id, f.fee_code, l.line, l.part)::text
      from fee_lines l join account_fees f using (book_id, fee_id)
    union all select 'statement ' || (account_id, statement_number, from_on, to_on, seq_before, last_seq, opening_minor,
      closing_minor, head, actor)::text from account_statements
    union all select 'page ' || (s.account_id, s.statement_number, p.page_number, p.seq_before, p.last_seq)::text
      from account_statement_pages p join account_statements s using (book_id, statement_id)
    union all select 'deposit ' || (account_id, status, waits_for, ended_on, version, principal_minor, matures_on,
      instalment_count, instalments_settled, instalments_missed, next_instalment_on)::text from deposits
    union all select 'agreement ' || (account_id, through_on, terms, settled_on)::text from interest_agreements
    union all select 'deposit event ' || (account_id, event_number, kind, happened_on, amount_minor, details,
      entry_id is not null)::text from deposit_events
    union all select 'balance ' || (business_date, ledger_account_id, balance_minor, seq)::text
      from end_of_day_balances
    union all select 'total ' || (business_date, gl_code, currency, balance_minor)::text from end_of_day_totals
    union all select 'run ' || (business_date, status)::text from end_of_day_runs
    union all select 'step ' || (business_date, step_number, name, status,
      case when name <> 'due-fees' then position end, processed, counts)::text from end_of_day_steps
    union all select 'book ' || (business_date, closed_through)::text from books
    union all select 'audit ' || (operation, resource_id)::text from audit_log where operation = 'runEndOfDay'
  ) as parts`;

/** A hash over balances, postings, executions and all that the end of day keeps. */
export async function hashState(db: Db): Promise<{ hash: string; rows: number }> {
  const { rows } = await sql.raw<{ hash: string; rows: number }>(STATE).execute(db);
  return rows[0]!;
}
