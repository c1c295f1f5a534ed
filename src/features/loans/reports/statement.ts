import type { Iban } from '#lib/iban.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanDetails } from '../commands.ts';
import type { StoredEvent } from '../event-repository.ts';
import { Loan } from '../loan.ts';
import { formatRate } from '../products/rate-text.ts';
import { type LoanTerms, principalOf } from '../schedule/terms.ts';
import { loanEventView, loanView, partsView } from '../schemas.ts';
import { type LoanParts, NO_PARTS } from '../state.ts';
import type { LoanStatementView } from './schemas.ts';

/** Dates of events, both included; by default from the first event to the last. */
export type LoanStatementPeriod = {
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
};

/** The events of a loan in a period, in order, and the debt before and after. Minor units. */
export type LoanStatement = LoanDetails &
  LoanStatementPeriod & {
    readonly borrower: string;
    readonly iban: Iban | undefined;
    readonly accountNumber: string;
    readonly opening: LoanParts;
    readonly closing: LoanParts;
    readonly events: readonly StoredEvent[];
    readonly createdAtMs: number;
  };

/** The borrower, and the instant of the statement. */
export type StatementHead = Pick<LoanStatement, 'borrower' | 'iban' | 'accountNumber' | 'createdAtMs'>;

/** Selects a period from all events of a loan. */
export function composeLoanStatement(
  shown: LoanDetails,
  head: StatementHead,
  events: readonly StoredEvent[],
  { from, to }: LoanStatementPeriod,
): LoanStatement {
  const before = events.filter(({ on }) => from !== undefined && on < from);
  const within = events.filter(
    ({ on }) => (from === undefined || on >= from) && (to === undefined || on <= to),
  );
  const opening = before.at(-1)?.owedAfter ?? NO_PARTS;
  const closing = within.at(-1)?.owedAfter ?? opening;
  return { ...shown, ...head, from, to, opening, closing, events: within };
}

export function loanStatementView(statement: LoanStatement): LoanStatementView {
  const { loan, product, borrower, iban, accountNumber, from, to, opening, closing, events } = statement;
  const { currency } = loan;
  const terms = loan.terms ?? new Loan(loan, product).plannedTerms();
  return {
    loan: loanView(statement),
    productName: product.state.name,
    borrower,
    iban: iban ?? null,
    accountNumber,
    terms: termsView(terms, loan.requestedTerms.instalments, lentMinor(statement, terms), currency),
    from: from ?? null,
    to: to ?? null,
    opening: partsView(opening, currency),
    closing: partsView(closing, currency),
    lines: events.map((event) => loanEventView(event, currency)),
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
