import { type Static, Type } from 'typebox';
import { currency, date, list, signedAmount, text } from '#http/fields.ts';
import { closedObject, resource } from '#http/schemas.ts';
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

export const AsOfQuery = closedObject({
  asOf: Type.Optional(date('The end of this date; now if not given.')),
});

export const TrialBalanceSchema = resource('TrialBalance', 'Every line of the chart with its balance.', {
  asOf: date('The end of this date.'),
  lines: list(
    'The lines, by code and currency.',
    resource('TrialBalanceLine', 'A line in a currency.', { ...line, ...sides }),
  ),
  totals: list(
    'The sums by currency: debit and credit are equal.',
    resource('TrialBalanceTotal', 'The sums in a currency.', sides),
  ),
});

export type TrialBalanceView = Static<typeof TrialBalanceSchema>;

export function trialBalanceView({ asOf, lines, totals }: TrialBalance): TrialBalanceView {
  return {
    asOf,
    lines: lines.map(({ glCode, name, class: accountClass, currency, debitMinor, creditMinor }) => ({
      code: glCode,
      name,
      class: accountClass,
      currency,
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

export const LedgerAccountSchema = resource('LedgerAccount', 'A line of the chart of accounts.', line);
