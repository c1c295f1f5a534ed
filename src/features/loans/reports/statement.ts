import { type Bank, issuingBankView } from '#features/books/contract.ts';
import type { Iban } from '#lib/iban.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanDetails } from '../commands.ts';
import type { StoredEvent } from '../event-repository.ts';
import { termsInForce } from '../planned-terms.ts';
import { formatRate } from '../products/rate-text.ts';
import { type LoanTerms, principalOf } from '../schedule/terms.ts';
import { loanEventView, loanView, partsView } from '../schemas.ts';
import type { LoanStatementLineView, LoanStatementView } from './schemas.ts';
import {
  type AccruedThrough,
  type StatementBody,
  type StatementLine,
  statementBody,
} from './statement-lines.ts';

/** Dates of events, both included; by default from the first event to the last. */
export type LoanStatementPeriod = {
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
};

/** What was booked of a loan in a period, in order, and the debt before and after. Minor units. */
export type LoanStatement = LoanDetails &
  LoanStatementPeriod & {
    readonly bank: Bank;
    readonly borrower: string;
    readonly iban: Iban | undefined;
    readonly accountNumber: string;
    readonly createdAtMs: number;
  } & StatementBody;

/** The borrower, and the instant of the statement. */
export type StatementHead = Pick<
  LoanStatement,
  'bank' | 'borrower' | 'iban' | 'accountNumber' | 'createdAtMs'
>;

/** Selects a period from all events of a loan. */
export function composeLoanStatement(
  shown: LoanDetails,
  head: StatementHead,
  events: readonly StoredEvent[],
  { from, to }: LoanStatementPeriod,
  accrued: AccruedThrough,
): LoanStatement {
  const living = { state: shown.loan, product: shown.product };
  return { ...shown, ...head, from, to, ...statementBody(living, events, { from, to }, accrued) };
}

export function loanStatementView(statement: LoanStatement): LoanStatementView {
  const { loan, product, bank, borrower, iban, accountNumber, from, to, opening, closing, lines } = statement;
  const { currency } = loan;
  const terms = termsInForce(statement);
  return {
    loan: loanView(statement),
    bank: issuingBankView(bank),
    productName: product.state.name,
    borrower,
    iban: iban ?? null,
    accountNumber,
    terms: termsView(terms, loan.requestedTerms.instalments, lentMinor(statement, terms), currency),
    from: from ?? null,
    to: to ?? null,
    opening: partsView(opening, currency),
    closing: partsView(closing, currency),
    lines: lines.map((line) => lineView(line, currency)),
  };
}

function lineView(
  { on, event, change, owedAfter }: StatementLine,
  currency: Currency,
): LoanStatementLineView {
  const outstanding = partsView(owedAfter, currency);
  const changed = partsView(change, currency);
  if (event !== undefined) {
    const { date: valueDate, ...view } = loanEventView(event, currency);
    return { ...view, date: on, valueDate, change: changed, outstanding };
  }
  const { total, ...parts } = changed;
  return {
    number: null,
    type: 'interest_accrued',
    date: on,
    valueDate: on,
    businessDate: on,
    amount: total,
    ...parts,
    change: changed,
    outstanding,
    instalment: null,
    reason: null,
    customerReason: null,
    undoes: null,
    transactionId: null,
  };
}

/** A later version of the schedule covers the remainder; the loan was made for the approved amount. */
function lentMinor({ loan }: LoanStatement, terms: LoanTerms): bigint {
  return loan.approvedMinor ?? principalOf(terms);
}

function termsView(terms: LoanTerms, instalments: number, amountMinor: bigint, currency: Currency) {
  const { annualRate, every, method, dayCount } = terms;
  return {
    amount: formatAmount(amountMinor, currency),
    annualRatePercent: formatRate(annualRate),
    instalments,
    every: { ...every },
    method,
    dayCount,
  };
}
