import { type Static, Type } from 'typebox';
import { choice, currency, date, list, signedAmount, text } from '#http/fields.ts';
import { closedObject, resource } from '#http/schemas.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { AccountClassSchema } from './chart/schemas.ts';
import type { TrialBalance } from './service.ts';

const line = {
  code: text('The code of the line in the chart of accounts.', '2100'),
  name: text('The name of the line.', 'Customer deposits'),
  class: AccountClassSchema,
};

const sides = {
  currency: currency('The currency of the amounts.'),
  debit: signedAmount('The balance where it is a debit, else zero.'),
  credit: signedAmount('The balance where it is a credit, else zero.'),
};

export const TrialBalanceQuery = closedObject({
  asOf: Type.Optional(date('The end of this date; now if not given. Without from and to.')),
  from: Type.Optional(
    date('Of a span from this date on, with what each line began with and what moved on it.'),
  ),
  to: Type.Optional(date('Of a span up to the end of this date.')),
  format: Type.Optional(
    choice('TrialBalanceFormat', 'The format; `json` if not given.', ['json', 'csv', 'pdf']),
  ),
});

const ofSpan = {
  openingDebit: Type.Optional(signedAmount('Of a span: the balance before it where it is a debit.')),
  openingCredit: Type.Optional(signedAmount('Of a span: the balance before it where it is a credit.')),
  movementDebit: Type.Optional(signedAmount('Of a span: what was debited in it.')),
  movementCredit: Type.Optional(signedAmount('Of a span: what was credited in it.')),
};

export const TrialBalanceSchema = resource('TrialBalance', 'Every line of the chart with its balance.', {
  from: Type.Optional(date('Of a span: its first date.')),
  asOf: date('The end of this date.'),
  lines: list(
    'The lines, by code and currency.',
    resource('TrialBalanceLine', 'A line in a currency.', { ...line, ...ofSpan, ...sides }),
  ),
  totals: list(
    'The sums by currency: debit and credit are equal.',
    resource('TrialBalanceTotal', 'The sums in a currency.', sides),
  ),
});

export type TrialBalanceView = Static<typeof TrialBalanceSchema>;

export function trialBalanceView({ from, asOf, lines, totals }: TrialBalance): TrialBalanceView {
  return {
    ...(from === undefined ? {} : { from }),
    asOf,
    lines: lines.map(({ glCode, name, class: accountClass, currency, debitMinor, creditMinor, ...span }) => ({
      code: glCode,
      name,
      class: accountClass,
      currency,
      ...spanView(span, currency),
      debit: formatAmount(debitMinor, currency),
      credit: formatAmount(creditMinor, currency),
    })),
    totals: totals.map(({ currency, debitMinor, creditMinor }) => ({
      currency,
      debit: formatAmount(debitMinor, currency),
      credit: formatAmount(creditMinor, currency),
    })),
  };
}

function spanView(
  { opening, movement }: Pick<TrialBalance['lines'][number], 'opening' | 'movement'>,
  currency: Currency,
) {
  if (opening === undefined || movement === undefined) return {};
  return {
    openingDebit: formatAmount(opening.debitMinor, currency),
    openingCredit: formatAmount(opening.creditMinor, currency),
    movementDebit: formatAmount(movement.debitMinor, currency),
    movementCredit: formatAmount(movement.creditMinor, currency),
  };
}

export const LedgerAccountSchema = resource('LedgerAccount', 'A line of the chart of accounts.', line);
