import type { Context } from '#db/context.ts';
import { lookBackFrom } from '#db/look-back.ts';
import { accountFor, findAccountIdByIban } from '#features/accounts/contract.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Sought } from '#lib/sought.ts';
import { type AccountLine, type LineFilter, listAccountLines, lookBackLines } from './lines.ts';
import { listTransactions, type TransactionFilter } from './repository.ts';
import type { Transaction } from './transaction.ts';
import { viewerOf } from './viewer.ts';

type Search = Omit<TransactionFilter, 'seenBy' | 'counterparty' | 'through'> & {
  readonly counterpartyIban?: Iban | undefined;
};

/** Lists that are narrowed by what no index knows of: a page looks at a number of rows, and the next goes on behind them. */
export class TransactionSearches {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Newest first. */
  async transactions(caller: Caller, search: Search): Promise<Sought<Transaction, TransactionId>> {
    const { db, bookId } = this.#context;
    const { counterpartyIban: iban, ...filter } = search;
    const counterparty = iban && (await this.#behind(iban));
    const asked = { ...filter, counterparty, seenBy: viewerOf(caller) };
    const through = isByIndex(asked)
      ? undefined
      : await lookBackFrom(db, bookId, 'transactions', filter.after);
    return { rows: await listTransactions(db, bookId, { ...asked, through }), soughtThrough: through };
  }

  /** Lines of an account that are more than a range of sequence numbers, newest first. Throws 404 `not_found` for the account. */
  async lines(
    caller: Caller,
    accountId: AccountId,
    filter: LineFilter,
  ): Promise<Sought<AccountLine, bigint>> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    const seenBy = ownCustomerOf(caller);
    const throughSeq = await lookBackLines(db, bookId, accountId, filter);
    const seen = { ...filter, throughSeq, isStaff: seenBy === undefined, seenBy };
    return { rows: await listAccountLines(db, bookId, accountId, seen), soughtThrough: throughSeq };
  }

  /** Who has an IBAN: an account of this bank, or one elsewhere. */
  async #behind(iban: Iban): Promise<TransactionFilter['counterparty']> {
    const accountId = await findAccountIdByIban(this.#context.db, this.#context.bookId, iban);
    return accountId === undefined ? { iban } : { accountId };
  }
}

/** Whether the transactions of a filter are found by an index, as those of a customer are, or are most of them. */
function isByIndex(filter: TransactionFilter): boolean {
  const { accountId, reverses, reference, externalId, counterparty } = filter;
  const { minAmountMinor, maxAmountMinor, currency, counterpartyName, metadata } = filter;
  const isOfBank = counterparty !== undefined && 'accountId' in counterparty;
  if (filter.seenBy !== undefined) return true;
  if (isOfBank || [accountId, reverses, reference, externalId].some((value) => value !== undefined))
    return true;
  const others = [minAmountMinor, maxAmountMinor, currency, counterpartyName, counterparty, metadata];
  return others.every((value) => value === undefined);
}
