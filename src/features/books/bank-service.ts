import type { Context } from '#db/context.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import { selectKeptCurrencies } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { type Currency, listCurrencies } from '#lib/money/currencies.ts';
import { openCurrency } from './currencies.ts';
import { type Bank, type BankChanges, changedSettings, selectBank, updateBank } from './settings.ts';

export type CurrencyOfBank = {
  readonly currency: Currency;
  readonly decimals: number;
  readonly isEnabled: boolean;
};

/** What the bank says of itself, and the currencies that it keeps. */
export class BankService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get(): Promise<Bank> {
    return selectBank(this.#context.db, this.#context.bookId);
  }

  /** Throws 400 `validation_failed`. Locks the book's row. */
  async change(caller: Caller, changes: BankChanges): Promise<Bank> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      await tx
        .selectFrom('books')
        .select('book_id')
        .where('book_id', '=', bookId)
        .forNoKeyUpdate()
        .executeTakeFirstOrThrow();
      const before = await selectBank(tx, bookId);
      const after = changedSettings(before, changes);
      await updateBank(tx, bookId, after);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'changeBank',
        resourceType: 'bank',
        ...changedFields(before, after),
      });
    });
    return afterCommit(() => this.get());
  }

  /** Every currency of ISO 4217, by code. */
  async listCurrencies(): Promise<CurrencyOfBank[]> {
    const kept = await selectKeptCurrencies(this.#context.db, this.#context.bookId);
    return listCurrencies()
      .map(({ currency, decimals }) => ({ currency, decimals, isEnabled: kept.has(currency) }))
      .toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
  }

  /**
   * From then on accounts can be opened in the currency, and it stays. One that is there already is left as it is.
   * Locks the counter of account numbers, so that of two who come at once the second finds it done.
   */
  async enableCurrency(caller: Caller, currency: Currency): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      await tx
        .selectFrom('account_numbers')
        .select('book_id')
        .where('book_id', '=', bookId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if ((await selectKeptCurrencies(tx, bookId)).has(currency)) return;
      await openCurrency(tx, this.#context, currency);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'enableCurrency',
        resourceType: 'currency',
        after: { currency },
      });
    });
  }
}
