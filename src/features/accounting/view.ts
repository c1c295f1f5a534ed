import type { AccountClass } from '#ledger/trial-balance.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { TrialBalance } from './service.ts';

/** The trial balance as the API and the CLI show it. Amounts in major units. */
export type TrialBalanceView = {
  asOf: string;
  lines: {
    code: string;
    name: string;
    class: AccountClass;
    currency: string;
    debit: string;
    credit: string;
  }[];
  totals: { currency: string; debit: string; credit: string }[];
};

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
