import { isOfCharged } from '#features/accrual/contract.ts';
import type { IssuingBankView } from '#features/books/contract.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount, minorOf } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { StatementInterestView } from './interest.ts';
import type { StatementLine, StoredStatement } from './statement.ts';

/** A statement on its way out, whether it is kept or made for this once. Amounts in major units. */
export type StatementDocument = {
  readonly head: {
    readonly id: string | null;
    readonly number: number | null;
    readonly accountId: string;
    readonly accountNumber: string;
    readonly iban: string | null;
    readonly currency: Currency;
    readonly product: string;
    readonly bank: IssuingBankView;
    readonly holders: string[];
    readonly address: string[];
    readonly from: string | null;
    readonly to: string | null;
    readonly openingBalance: string;
    readonly closingBalance: string;
    readonly madeAt: string;
  };
  readonly interest: StatementInterestView;
  readonly lineCount: bigint;
  /** The account's number of the line before the first one. */
  readonly seqBefore: bigint;
  /** What the lines come to, in minor units. */
  readonly netMinor: bigint;
  /** The last business date that it speaks of. */
  readonly through: IsoDate;
  /** The lines, the oldest first, page by page; can be asked for again. */
  readonly pages: () => AsyncIterable<readonly StatementLine[]>;
};

export function storedHead(statement: StoredStatement): StatementDocument['head'] {
  const { currency, head } = statement;
  return {
    id: toTypeId('statement', statement.id),
    number: statement.number,
    accountId: toTypeId('account', statement.accountId),
    accountNumber: head.number,
    iban: head.iban,
    currency,
    product: head.product,
    bank: head.bank,
    holders: [...head.holders],
    address: [...head.address],
    from: statement.from,
    to: statement.to,
    openingBalance: formatAmount(statement.openingMinor, currency),
    closingBalance: formatAmount(statement.closingMinor, currency),
    madeAt: toIsoInstant(statement.madeAt.getTime()),
  };
}

export type TotalsView = {
  credits: string;
  debits: string;
  interestEarned: string;
  interestCharged: string;
  fees: string;
  feeTaxes: string;
  taxes: string;
};

/** Sums of lines in minor units. Interest, fees and taxes are among credits and debits. */
export class Totals {
  readonly #sums = {
    credits: 0n,
    debits: 0n,
    interestEarned: 0n,
    interestCharged: 0n,
    fees: 0n,
    feeTaxes: 0n,
    taxes: 0n,
  };

  add(lines: readonly Pick<StatementLine, 'type' | 'amount' | 'description'>[]): void {
    const sums = this.#sums;
    for (const { type, amount, description } of lines) {
      const minor = minorOf(amount);
      if (minor > 0n) sums.credits += minor;
      else sums.debits -= minor;
      if (type === 'interest' || type === 'penalty_interest') {
        if (isOfCharged(description, minor)) sums.interestCharged -= minor;
        else sums.interestEarned += minor;
      }
      if (type === 'fee') sums.fees -= minor;
      if (type === 'fee_tax') sums.feeTaxes -= minor;
      if (type === 'withholding_tax') sums.taxes -= minor;
    }
  }

  view(currency: Currency): TotalsView {
    const { credits, debits, interestEarned, interestCharged, fees, feeTaxes, taxes } = this.#sums;
    const format = (minor: bigint): string => formatAmount(minor, currency);
    return {
      credits: format(credits),
      debits: format(debits),
      interestEarned: format(interestEarned),
      interestCharged: format(interestCharged),
      fees: format(fees),
      feeTaxes: format(feeTaxes),
      taxes: format(taxes),
    };
  }
}
