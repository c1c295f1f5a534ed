import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { LoanEvent } from '#features/loans/event.ts';
import { insertEvents } from '#features/loans/event-repository.ts';
import { Loan } from '#features/loans/loan.ts';
import { LoanProduct } from '#features/loans/products/loan-product.ts';
import { insertLoanProduct } from '#features/loans/products/repository.ts';
import { insertLoans, insertTerms, updateLoans } from '#features/loans/repository.ts';
import { type LoanState, totalOf } from '#features/loans/state.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { newId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { accountId, customerId } from './account-ids.ts';

const EUR = requireCurrency('EUR');

/** One for each day of a month: a thirtieth of the loans falls due on the day that is measured. */
const KINDS = 30;
/** The first was paid out so long ago that one instalment of each was paid. */
const OLDEST_DAYS = 60;
/** Loans a statement. */
const CHUNK = 1_000;

const CONDITIONS = {
  amount: { min: '100.00', max: '5000.00' },
  instalments: { min: 1, max: 60 },
  annualRatePercent: { min: '0', max: '30', default: '9.9' },
  dayCount: 'actual/365',
  penaltyRatePercent: '5',
  fees: [{ kind: 'late', amount: '5.00' }],
  provisioningPercent: { current: '1', days1To30: '5', days31To60: '25', days61To90: '50', over90: '100' },
} as const;

/** A loan as far as it has come by yesterday, and its history. */
type Kind = { readonly state: LoanState; readonly events: readonly LoanEvent[] };

/**
 * Lends 1,200.00 to `count` customers of a filled book: for 36 months, paid out one to two months ago, with one
 * instalment paid. Their accounts have what falls due. The bank does business on every day of the week.
 */
export async function fillLoans(context: Context, count: number): Promise<void> {
  const { db, bookId, clock } = context;
  const today = await followCalendar(db, bookId, clock);
  const product = LoanProduct.define(
    newId(context.ids, 'loanProduct'),
    { name: 'Household loan', currency: EUR, conditions: { ...CONDITIONS, fees: [...CONDITIONS.fees] } },
    clock.nowMs(),
  );
  const kinds = Array.from({ length: KINDS }, (_, day) =>
    kindOf(context, product, addDays(today, day - OLDEST_DAYS), today),
  );
  await inTransaction(db, async (tx) => {
    await tx.updateTable('books').set({ weekend_days: [] }).where('book_id', '=', bookId).execute();
    await insertLoanProduct(tx, bookId, product);
  });
  for (let start = 0; start < count; start += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, count - start) }, (_, index) => start + index + 1);
    await inTransaction(db, (tx) => store(context, tx, today, numbers, kinds));
  }
}

function kindOf(context: Context, product: LoanProduct, disbursedOn: IsoDate, today: IsoDate): Kind {
  const request = {
    id: newId(context.ids, 'loan'),
    customerId: customerId(1),
    accountId: accountId(1),
    externalId: undefined,
    requestedTerms: { instalments: 36, disbursedOn },
    directDebit: true,
    requestedMinor: 120_000n,
  };
  const loan = Loan.apply(request, product, disbursedOn);
  loan.approve(undefined, disbursedOn);
  loan.disburse(disbursedOn, 'account');
  const firstDueOn = loan.state.period?.dueOn;
  if (firstDueOn !== undefined && firstDueOn < today) {
    loan.accrueTo(firstDueOn);
    loan.repay({ amountMinor: totalOf(loan.due), source: 'cash', strategy: 'shorten_term' }, firstDueOn);
  }
  loan.accrueTo(addDays(today, -1));
  loan.provide(addDays(today, -1));
  return { state: loan.state, events: loan.events };
}

async function store(
  context: Context,
  tx: Tx,
  today: IsoDate,
  numbers: readonly number[],
  kinds: readonly Kind[],
): Promise<void> {
  const { bookId, clock } = context;
  const createdAtMs = clock.nowMs();
  const loans = numbers.flatMap((number) => {
    const kind = kinds[number % kinds.length];
    if (kind === undefined) return [];
    const owner = {
      id: newId(context.ids, 'loan'),
      customerId: customerId(number),
      accountId: accountId(number),
    };
    return { state: { ...kind.state, ...owner }, events: kind.events };
  });
  const states = loans.map(({ state }) => state);
  await insertLoans(tx, bookId, states, createdAtMs);
  await updateLoans(tx, bookId, states, createdAtMs);
  const terms = states.flatMap(({ id: loanId, scheduleVersion, disbursedOn: validFrom, terms: own }) =>
    own === undefined || validFrom === undefined
      ? []
      : { loanId, scheduleVersion, validFrom, reason: 'disbursed' as const, terms: own },
  );
  await insertTerms(tx, bookId, terms);
  const events = loans.flatMap(({ state, events: own }) =>
    own.map((event) => ({
      ...event,
      loanId: state.id,
      details: { ...event.details, isBroughtIn: true },
    })),
  );
  await insertEvents(tx, bookId, events, { actor: 'bench', bookedOn: today, createdAtMs });
  await postOpening(context, tx, states);
}

/** What the loans are in the ledger, so that the books keep their laws. */
async function postOpening(context: Context, tx: Tx, states: readonly LoanState[]): Promise<void> {
  const internal = new InternalAccounts(context.bookId);
  const line = async (glCode: string) => {
    const account = await internal.find(tx, glCode, EUR);
    if (account === undefined) throw new Error(`the book has no line ${glCode}`);
    return account;
  };
  const sum = (of: (state: LoanState) => bigint): bigint =>
    states.reduce((total, state) => total + of(state), 0n);
  const opening = await line(CHART.openingBalances);
  const drafts = [
    { debit: await line(CHART.loans), credit: opening, amountMinor: sum((state) => state.principalMinor) },
    {
      debit: await line(CHART.loanInterestReceivable),
      credit: opening,
      amountMinor: sum((state) => state.interestAccruedMinor),
    },
    {
      debit: opening,
      credit: await line(CHART.loanLossAllowance),
      amountMinor: sum((state) => state.provisionMinor),
    },
  ];
  const postings = drafts.map((draft) => ({ ...draft, currency: EUR }));
  const entryId = newId(context.ids, 'transaction');
  const [outcome] = await post(tx, context, [{ entryId, kind: 'opening_balance', actor: 'bench', postings }]);
  if (outcome?.status !== 'posted') throw new Error('the opening was not posted');
}
