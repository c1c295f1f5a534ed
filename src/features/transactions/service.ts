import type { Context } from '#db/context.ts';
import { findAccount, findAccountIdByIban } from '#features/accounts/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { EntryDraft, InternalAccount, PostedEntry, PostingDraft } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { refusalError } from '#ledger/ledger-error.ts';
import type { PostingQueue } from '#ledger/posting-queue.ts';
import { findReversal } from '#ledger/reversal.ts';
import type { Caller } from '#lib/caller.ts';
import type { Currency } from '#lib/currencies.ts';
import type { IsoDate } from '#lib/dates.ts';
import { addDays } from '#lib/dates.ts';
import { notFound, RefusedError, validationFailed } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import { newId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanText, optional } from '#lib/text.ts';
import { cashCode } from './cash-code.ts';
import type { AccountLine, LineFilter } from './lines.ts';
import { listAccountLines } from './lines.ts';
import type { TransactionFilter } from './repository.ts';
import { findTransaction, listTransactions } from './repository.ts';
import type { PaymentMode, TransactionRow } from './transaction.ts';
import { Transaction } from './transaction.ts';

/** A value date may be this far from the business date: longer is a typing error. */
const MAX_VALUE_DATE_DAYS = 366;

/** What every request to move money carries. Amounts in minor units. */
type MoneyRequest = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
};

export type CashRequest = MoneyRequest & {
  readonly accountId: AccountId;
  readonly mode: PaymentMode;
  readonly valueDate?: IsoDate | undefined;
};

export type TransferRequest = MoneyRequest & {
  readonly fromAccountId: AccountId;
  readonly to: { readonly accountId: AccountId } | { readonly iban: Iban };
};

export type ReverseRequest = Pick<MoneyRequest, 'caller' | 'idempotencyKey'> & {
  readonly transactionId: TransactionId;
  readonly reason: string;
};

/** The transaction that a request led to; `replayed` if an earlier request with the key had done so. */
export type Answer = { readonly transaction: Transaction; readonly replayed: boolean };

/**
 * Moves customers' money, each call one journal entry through the posting queue, and finds what was moved.
 * All that move money throw 404 `not_found`, 409 `account_closed`, `account_frozen` or
 * `idempotency_in_progress`, 422 `insufficient_funds`, `currency_mismatch`, `balance_overflow` or
 * `idempotency_key_reused`, 503 `overloaded`, `outcome_unknown` or `database_unavailable`.
 */
export class TransactionService {
  readonly #context: Context;
  readonly #queue: PostingQueue<TransactionRow>;
  readonly #internalAccounts: InternalAccounts;

  constructor(context: Context, queue: PostingQueue<TransactionRow>, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#queue = queue;
    this.#internalAccounts = internalAccounts;
  }

  /** Pays money in. Throws as the class says, and 400 `validation_failed` for the value date or a text. */
  async deposit(request: CashRequest): Promise<Answer> {
    const bank = await this.#bankAccount(request);
    return this.#post('deposit', request, request.accountId, request.mode, {
      debit: bank,
      credit: request.accountId,
    });
  }

  /** Pays money out. Throws as deposit does. */
  async withdraw(request: CashRequest): Promise<Answer> {
    const bank = await this.#bankAccount(request);
    return this.#post('withdrawal', request, request.accountId, request.mode, {
      debit: request.accountId,
      credit: bank,
    });
  }

  /** Moves money between two accounts of the book. Throws as the class says, and 422 `same_account`. */
  async transfer(request: TransferRequest): Promise<Answer> {
    const payee = await this.#payee(request.to);
    return this.#post('transfer', request, request.fromAccountId, 'online', {
      debit: request.fromAccountId,
      credit: payee,
    });
  }

  /**
   * Takes a transaction back with a linked one, once. Throws as the class says, 409 `already_reversed` and
   * 422 `not_reversible`.
   */
  async reverse(request: ReverseRequest): Promise<Answer> {
    const { db, bookId, ids } = this.#context;
    const { transactionId, caller } = request;
    const reason = cleanText(request.reason, 'reason', 500);
    const original = await this.get(transactionId);
    original.assertReversible();
    const reversal = await findReversal(db, bookId, transactionId);
    if (reversal === undefined) throw notFound();
    const requestHash = hashRequest('reversal', [transactionId, reason]);
    const draft: EntryDraft = {
      entryId: newId(ids, 'transaction'),
      kind: 'reversal',
      actor: caller.actor,
      idempotency: { key: request.idempotencyKey, requestHash },
      reversesEntryId: transactionId,
      postings: reversal.postings,
    };
    const { accountId, amountMinor, mode, reference } = original.state;
    const row = { id: draft.entryId, accountId, amountMinor, mode, reference, description: reason };
    return this.#submit(draft, { ...row, type: 'reversal' });
  }

  /** Throws 404 `not_found`. */
  async get(id: TransactionId): Promise<Transaction> {
    const transaction = await findTransaction(this.#context.db, this.#context.bookId, id);
    if (transaction === undefined) throw notFound();
    return transaction;
  }

  list(filter: TransactionFilter): Promise<Transaction[]> {
    return listTransactions(this.#context.db, this.#context.bookId, filter);
  }

  /** Throws 404 `not_found` for the account. */
  async listLines(accountId: AccountId, filter: LineFilter): Promise<AccountLine[]> {
    await this.currencyOf(accountId);
    return listAccountLines(this.#context.db, this.#context.bookId, accountId, filter);
  }

  /** The currency of an account, in which its lines are. Throws 404 `not_found`. */
  async currencyOf(accountId: AccountId): Promise<Currency> {
    const account = await findAccount(this.#context.db, this.#context.bookId, accountId);
    if (account === undefined) throw notFound();
    return account.currency;
  }

  async #post(
    kind: 'deposit' | 'withdrawal' | 'transfer',
    request: CashRequest | TransferRequest,
    accountId: AccountId,
    mode: PaymentMode,
    sides: Pick<PostingDraft, 'debit' | 'credit'>,
  ): Promise<Answer> {
    const { amountMinor, currency, caller, idempotencyKey } = request;
    const description = optional(request.description, (text) => cleanText(text, 'description', 500));
    const reference = optional(request.reference, (text) => cleanText(text, 'reference', 140));
    const valueDate = 'valueDate' in request ? request.valueDate : undefined;
    if (valueDate !== undefined) await this.#checkValueDate(valueDate);
    const payee = 'to' in request ? ('iban' in request.to ? request.to.iban : request.to.accountId) : null;
    const requestHash = hashRequest(kind, [
      accountId,
      payee,
      amountMinor,
      currency,
      mode,
      description,
      reference,
      valueDate,
    ]);
    const entryId = newId(this.#context.ids, 'transaction');
    const draft: EntryDraft = {
      entryId,
      kind,
      actor: caller.actor,
      idempotency: { key: idempotencyKey, requestHash },
      ...(valueDate === undefined ? {} : { valueDate }),
      postings: [{ ...sides, amountMinor, currency }],
    };
    return this.#submit(draft, {
      id: entryId,
      accountId,
      type: kind,
      mode,
      amountMinor,
      description,
      reference,
    });
  }

  async #submit(draft: EntryDraft, row: TransactionRow): Promise<Answer> {
    const settled = await this.#queue.submit({ draft, row });
    if (settled.status === 'posted') {
      return { transaction: transactionOf(draft, row, settled.entry), replayed: false };
    }
    const transaction = await this.get(settled.entryId);
    return { transaction: transaction.asFirstAnswered(), replayed: true };
  }

  async #bankAccount({ mode, currency }: CashRequest): Promise<InternalAccount> {
    const account = await this.#internalAccounts.find(this.#context.db, cashCode(mode), currency);
    // No account can be in a currency that the book does not keep.
    if (account === undefined) throw refusalError('currency_mismatch');
    return account;
  }

  async #payee(to: TransferRequest['to']): Promise<AccountId> {
    if ('accountId' in to) return to.accountId;
    const accountId = await findAccountIdByIban(this.#context.db, this.#context.bookId, to.iban);
    if (accountId === undefined) {
      throw new RefusedError('unknown_payee', 'The IBAN belongs to no account of this bank.');
    }
    return accountId;
  }

  async #checkValueDate(valueDate: IsoDate): Promise<void> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const near =
      valueDate >= addDays(today, -MAX_VALUE_DATE_DAYS) && valueDate <= addDays(today, MAX_VALUE_DATE_DAYS);
    if (!near) throw validationFailed({ path: 'valueDate', message: 'must be within a year of today' });
  }
}

function transactionOf(draft: EntryDraft, row: TransactionRow, entry: PostedEntry): Transaction {
  const posting = entry.postings.findLast(
    ({ debit, credit }) => debit === row.accountId || credit === row.accountId,
  );
  if (posting === undefined) throw new TypeError('a transaction is of an account that its entry touches');
  const debited = posting.debit === row.accountId;
  const other = debited ? posting.credit : posting.debit;
  const after = debited ? posting.debitAfter : posting.creditAfter;
  return new Transaction({
    ...row,
    currency: posting.currency,
    counterpartyAccountId: typeof other === 'string' ? other : undefined,
    balanceAfterMinor: after?.balanceMinor ?? 0n,
    reverses: draft.reversesEntryId,
    reversedBy: undefined,
    businessDate: entry.businessDate,
    valueDate: entry.valueDate,
    postedAtMs: entry.postedAtMs,
  });
}
