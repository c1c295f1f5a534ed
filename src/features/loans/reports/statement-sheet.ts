import { issuingBankText } from '#features/books/contract.ts';
import type { PartsView } from '../schemas.ts';
import type { LoanStatementLineView, LoanStatementView } from './schemas.ts';

/** A row of the table. */
export type SheetLine = {
  readonly date: string;
  readonly text: string;
  readonly amount: string;
  readonly principal: string;
  readonly interest: string;
  readonly fees: string;
  readonly penalties: string;
  /** The whole debt after it. */
  readonly owed: string;
};

/** A statement as printed on paper and on a terminal: a heading and a table. */
export type StatementSheet = {
  readonly title: string;
  readonly period: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly lines: readonly SheetLine[];
};

export const SHEET_TITLES: Readonly<Record<keyof SheetLine, string>> = {
  date: 'Date',
  text: 'What happened',
  amount: 'Amount',
  principal: 'Principal',
  interest: 'Interest',
  fees: 'Fees',
  penalties: 'Penalties',
  owed: 'Owed after',
};

const KINDS: Readonly<Record<LoanStatementLineView['type'], string>> = {
  interest_accrued: 'Interest and penalty interest earned',
  applied: 'Applied for',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  disbursed: 'Paid out',
  repaid: 'Repayment',
  rescheduled: 'New schedule',
  charged_off: 'Charged off',
  written_off: 'Written off',
  recovered: 'Recovery',
  repayment_undone: 'Repayment taken back',
  undone: 'Taken back',
  waived: 'Waived',
  charged: 'Charge',
  party_added: 'Party added',
  party_removed: 'Party released',
  collateral_added: 'Collateral added',
  collateral_released: 'Collateral released',
  fell_due: 'Instalment due',
  late_fee: 'Late fee',
  paid_ahead: 'Paid with money paid ahead',
  income_suspended: 'Past due: earns no income',
  income_resumed: 'Earns income again',
};

/** Composes the sheet of a statement. */
export function statementSheet(view: LoanStatementView): StatementSheet {
  const { loan, from, to, opening, closing } = view;
  return {
    title: `Statement of loan ${loan.id}`,
    period: `from ${from ?? 'the application'} to ${to ?? 'now'}, amounts in ${loan.currency}`,
    facts: factsOf(view),
    lines: [
      ...(from === null ? [] : [balanceLine('Owed before', opening)]),
      ...view.lines.map(lineOf),
      balanceLine('Owed after', closing),
    ],
  };
}

function factsOf({
  bank,
  loan,
  productName,
  borrower,
  iban,
  accountNumber,
  terms,
}: LoanStatementView): Record<string, string> {
  const { status, currency, outstanding, due, daysPastDue, nextDueDate, nextDueAmount } = loan;
  const { every, instalments } = terms;
  const period = every.count === 1 ? every.unit : `${every.count} ${every.unit}s`;
  const next = nextDueDate === null ? 'none' : `${nextDueAmount} ${currency} on ${nextDueDate}`;
  return {
    bank: issuingBankText(bank),
    borrower,
    account: iban ?? accountNumber,
    product: productName,
    status: status.replace('_', ' '),
    loan: `${terms.amount} ${currency}, ${loan.disbursedOn === null ? 'not paid out' : `paid out on ${loan.disbursedOn}`}`,
    'interest rate': `${terms.annualRatePercent} % a year, ${terms.dayCount}`,
    instalments: `${instalments}, one every ${period}, ${terms.method.replace('_', ' ')}`,
    'owed now': partsText(outstanding, currency, loan.asOf),
    'due now': `${due.total} ${currency}${daysPastDue === 0 ? '' : `, ${daysPastDue} days past due`}`,
    'next instalment': next,
  };
}

function partsText({ total, ...parts }: PartsView, currency: string, through: string | null): string {
  const named = Object.entries(parts).filter(([, amount]) => /[1-9]/.test(amount));
  const split = named.length < 2 ? '' : ` (${named.map(([name, amount]) => `${name} ${amount}`).join(', ')})`;
  return `${total} ${currency}${split}${through === null ? '' : `, at the end of ${through}`}`;
}

function lineOf(line: LoanStatementLineView): SheetLine {
  const { date, type, instalment, amount, principal, interest, fees, penalties, outstanding } = line;
  const number = instalment === null ? '' : ` (no. ${instalment})`;
  return {
    date,
    text: `${KINDS[type]}${number}`,
    amount,
    principal,
    interest,
    fees,
    penalties,
    owed: outstanding.total,
  };
}

function balanceLine(text: string, { total: owed, ...parts }: PartsView): SheetLine {
  return { date: '', text, amount: '', ...parts, owed };
}
