import type { Context } from '#db/context.ts';
import { CHART } from '#ledger/chart.ts';
import type { InternalAccount, LedgerSide, PostingDraft } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { MoneySource } from './event.ts';
import type { LoanLine, LoanSide } from './lines.ts';

/** The line of the chart for each side. */
const CODES: Readonly<Record<Exclude<LoanSide, 'account' | 'source'>, string>> = {
  loans: CHART.loans,
  interestReceivable: CHART.loanInterestReceivable,
  feesReceivable: CHART.loanFeesReceivable,
  penaltiesReceivable: CHART.loanPenaltiesReceivable,
  allowance: CHART.loanLossAllowance,
  interestIncome: CHART.interestIncome,
  feeIncome: CHART.feeIncome,
  penaltyIncome: CHART.penaltyInterestIncome,
  recoveries: CHART.loanRecoveries,
  losses: CHART.loanLosses,
};

/** The accounts of customers and cash in the lines of one command. */
export type LoanSides = {
  readonly currency: Currency;
  readonly accountId?: AccountId | undefined;
  readonly source?: MoneySource | undefined;
};

/** Finds the ledger accounts behind loans' postings. */
export class LoanLedger {
  readonly #db: Context['db'];
  readonly #internalAccounts: InternalAccounts;

  constructor({ db }: Pick<Context, 'db'>, internalAccounts: InternalAccounts) {
    this.#db = db;
    this.#internalAccounts = internalAccounts;
  }

  async postings(lines: readonly LoanLine[], sides: LoanSides): Promise<PostingDraft[]> {
    const { currency } = sides;
    const drafts: PostingDraft[] = [];
    for (const { debit, credit, amountMinor } of lines) {
      const both = { debit: await this.#side(debit, sides), credit: await this.#side(credit, sides) };
      drafts.push({ ...both, amountMinor, currency });
    }
    return drafts;
  }

  async #side(side: LoanSide, { accountId, source, currency }: LoanSides): Promise<LedgerSide> {
    if (side === 'account') {
      assert(accountId !== undefined, 'the borrower has an account');
      return accountId;
    }
    if (side !== 'source') return this.#internal(CODES[side], currency);
    assert(source !== undefined, 'a payment has a source');
    return source === 'cash' ? this.#internal(CHART.cash, currency) : source.accountId;
  }

  async #internal(glCode: string, currency: Currency): Promise<InternalAccount> {
    const account = await this.#internalAccounts.find(this.#db, glCode, currency);
    assert(account !== undefined, `the book keeps line ${glCode} in ${currency}`);
    return account;
  }
}
