import type { Context } from '#db/context.ts';
import { asLabelError } from '#db/labels.ts';
import { accountFor, accountSeal, assertAccess } from '#features/accounts/contract.ts';
import { authorityError, cleanOverdraw, findPosted, type MoneyGate } from '#features/authority/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { EntryDraft, Idempotency } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { PostingQueue } from '#ledger/posting-queue.ts';
import { findEntryByKey } from '#ledger/prior-entries.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { FlorinError, isRefusal, notFound, validationFailed } from '#lib/errors.ts';
import { type AccountId, newId, type TransactionId } from '#lib/ids.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Money as Amount } from '#lib/money/money.ts';
import { cleanReasons, type Reasons } from '#lib/reasons.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanName, cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { claimOfClosed } from './claim-closed.ts';
import { answeredFirst } from './first-answer.ts';
import { hideDeletedAccount } from './hide-deleted-account.ts';
import { type AccountLine, type LineFilter, listAccountLines } from './lines.ts';
import { linesFor } from './look-up-lines.ts';
import {
  type CashMovement,
  cleanMovement,
  draftMovement,
  hashMovement,
  type Movement,
  movementValues,
  operationOf,
  ownAccountOf,
  type Payee,
  type Route,
  type TransferMovement,
} from './movement.ts';
import { type PlannedReversal, planReversal } from './plan-reversal.ts';
import { postedTransaction } from './posted-transaction.ts';
import {
  findTransaction,
  listTransactions,
  listTransactionsInSequence,
  type TransactionFilter,
} from './repository.ts';
import { requireRoute, resolvePayees } from './resolve-payees.ts';
import { TransactionSearches } from './searches.ts';
import type { MovementRow } from './store-movements.ts';
import type { PaymentMode, Transaction } from './transaction.ts';
import { assertNearToday, checkValueDate } from './value-dates.ts';
import { assertReadsAll, viewerOf } from './viewer.ts';

/** Others may take parts back while all that is left is to be taken: each attempt sees one of them at least. */
const MAX_REVERSE_ATTEMPTS = 10;

/** The caller, and the key under which the request may be repeated. */
type Keyed = { readonly caller: Caller; readonly idempotencyKey: string };

export type CashRequest = Keyed & Omit<CashMovement, 'kind'>;
export type TransferRequest = Keyed & Omit<TransferMovement, 'kind'>;

export type ReverseRequest = Keyed &
  Reasons &
  Labels & {
    readonly transactionId: TransactionId;
    /** Of it, in minor units; all that is left if not given. */
    readonly amountMinor?: bigint | undefined;
    /** Why somebody with authority takes it back from an account that does not have it. */
    readonly overdrawReason?: string | undefined;
    /** From which day on the money counts as taken back; the business date if not given. */
    readonly valueDate?: IsoDate | undefined;
  };

/** Money of a customer who died: to whom, how, and on what ground. */
export type EstatePayout = Keyed &
  Omit<TransferMovement, 'kind' | 'to'> & {
    readonly to: Payee | { readonly mode: PaymentMode };
    readonly executorName: string;
    readonly reason: string;
  };

/** The transaction that a request led to; `replayed` if an earlier request with the key had done so. */
export type Answer = { readonly transaction: Transaction; readonly replayed: boolean };

/**
 * Moves customers' money, each call one journal entry through the posting queue, and finds what was moved.
 * All that move money throw 404 `not_found`, 409 `account_closed`, `account_frozen` or
 * `idempotency_in_progress`, 422 `insufficient_funds`, `currency_mismatch`, `balance_overflow` or
 * `idempotency_key_reused`, 503 `overloaded`, `outcome_unknown` or `database_unavailable`.
 *
 * A customer's user pays from the accounts that its customer holds and sees what touched them; 404 `not_found` for
 * everything else. A teller has 403 `limit_requires_manager` above the limit for one transaction.
 */
export class TransactionService {
  readonly searches: TransactionSearches;
  readonly #context: Context;
  readonly #queue: PostingQueue<MovementRow>;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(
    context: Context,
    queue: PostingQueue<MovementRow>,
    internalAccounts: InternalAccounts,
    gate: MoneyGate,
  ) {
    this.#context = context;
    this.searches = new TransactionSearches(context);
    this.#gate = gate;
    this.#queue = queue;
    this.#internalAccounts = internalAccounts;
  }

  /** Throws 400 `validation_failed` for a value date that is far from today. */
  judgeValueDate(valueDate: IsoDate | undefined): Promise<void> {
    return checkValueDate(this.#context, valueDate);
  }

  /** Whether a movement that comes now would wait too long for its answer, and is to be refused: `overloaded`. */
  get isOverloaded(): boolean {
    return this.#queue.isOverloaded;
  }

  /** Pays money in. Throws as the class says, and 400 `validation_failed` for the value date or a text. */
  deposit({ caller, idempotencyKey, ...movement }: CashRequest): Promise<Answer> {
    return this.#move({ kind: 'deposit', ...movement }, { caller, idempotencyKey });
  }

  /** Pays money out. Throws as deposit does. */
  withdraw({ caller, idempotencyKey, ...movement }: CashRequest): Promise<Answer> {
    return this.#move({ kind: 'withdrawal', ...movement }, { caller, idempotencyKey });
  }

  /**
   * Moves money between two accounts of the book. Throws as the class says, 400 `validation_failed` for a text,
   * 422 `same_account` or `unknown_payee`, and to a beneficiary `beneficiary_cooling_off` or `limit_exceeded`.
   */
  transfer({ caller, idempotencyKey, ...movement }: TransferRequest): Promise<Answer> {
    return this.#move({ kind: 'transfer', ...movement }, { caller, idempotencyKey });
  }

  /**
   * Takes a transaction back with a linked one: an amount of it, or all that is left and what it cost. A teller takes back what they entered
   * themselves on the same business date: 403 `reversal_requires_manager` for everything else. Throws as the class says,
   * 409 `already_reversed`, 422 `reversal_exceeds_rest`, `not_reversible` and `not_reversible_in_part`. With
   * `overdrawReason` a manager takes it back from an account that does not have it or is frozen. In place of a closed one
   * the bank gives it back. 403 `forbidden` for others.
   */
  async reverse(request: ReverseRequest): Promise<Answer> {
    const { transactionId, caller, amountMinor } = request;
    const reasons = cleanReasons(request);
    const labels = cleanLabels(request);
    const overdrawReason = cleanOverdraw(caller, request.overdrawReason);
    const { reason, customerReason } = reasons;
    const original = await this.get(caller, transactionId);
    const part = amountMinor === undefined ? [] : [amountMinor];
    const how = overdrawReason === undefined ? [] : [`overdraw: ${overdrawReason}`];
    const told = customerReason === undefined ? [] : ['told', customerReason];
    const since = request.valueDate === undefined ? [] : ['since', request.valueDate];
    const values = [transactionId, reason, ...part, ...how, ...told, ...since, ...labelValues(labels)];
    const requestHash = hashRequest('reversal', values);
    const idempotency = { key: request.idempotencyKey, requestHash };
    for (let attempt = 1; ; attempt++) {
      try {
        const cleaned = { ...request, ...reasons, ...labels, overdrawReason };
        return await this.#reverse(original, cleaned, idempotency);
      } catch (error) {
        const code = error instanceof FlorinError ? error.code : undefined;
        const isLess = code === 'reversal_exceeds_rest' && amountMinor === undefined;
        // Closed in the meantime: then it stays so.
        const isClosed = code === 'account_closed' && overdrawReason !== undefined && attempt === 1;
        if (!(isLess || isClosed) || attempt === MAX_REVERSE_ATTEMPTS) throw error;
      }
    }
  }

  async #reverse(original: Transaction, request: ReverseRequest, idempotency: Idempotency): Promise<Answer> {
    const { accountId, currency, mode, reference, counterparty } = original.state;
    const { caller, overdrawReason } = request;
    let planned: PlannedReversal;
    try {
      await this.#checkReversalDate(original, request.valueDate);
      planned = await planReversal(this.#context, original, request.amountMinor);
      if (overdrawReason !== undefined)
        planned = await claimOfClosed(this.#context, this.#internalAccounts, planned, accountId);
      await this.#assertMayReverse(caller, original, { amountMinor: planned.amountMinor, currency });
    } catch (error) {
      return this.#refuseUnlessRepeated(error, caller, idempotency);
    }
    const draft: EntryDraft = {
      entryId: newId(this.#context.ids, 'transaction'),
      kind: 'reversal',
      actor: caller.actor,
      idempotency,
      reversesEntryId: original.state.id,
      ...(request.valueDate === undefined ? {} : { valueDate: request.valueDate }),
      mayOverdraw: overdrawReason !== undefined,
      postings: planned.postings,
    };
    const { amountMinor } = planned;
    const act = await this.#actOf(planned, accountId, request);
    const givesBack = request.amountMinor === undefined ? original.state.id : undefined;
    const row = { id: draft.entryId, accountId, amountMinor, mode, reference, counterparty, givesBack };
    const { reason, customerReason, externalId, metadata } = request;
    const told = { reason, description: customerReason, externalId, metadata };
    return this.#submit(draft, { ...row, ...told, type: 'reversal', caller, act });
  }

  /** Throws 400 `validation_failed` for a date before that of the money, or after the business date. */
  async #checkReversalDate({ state }: Transaction, valueDate: IsoDate | undefined): Promise<void> {
    if (valueDate === undefined) return;
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    assertNearToday(valueDate, today);
    if (valueDate >= state.valueDate && valueDate <= today) return;
    throw validationFailed({ path: 'valueDate', message: `must be from ${state.valueDate} to ${today}` });
  }

  /** What the trail says of it, sealed for the account that the money is taken from where it may not have it. */
  async #actOf(
    { postings }: PlannedReversal,
    ownId: AccountId,
    { reason, customerReason, overdrawReason }: ReverseRequest,
  ): Promise<MovementRow['act']> {
    const taken = postings.map(({ debit }) => debit).find((side) => typeof side === 'string');
    const sealedFor = overdrawReason === undefined ? ownId : (taken ?? ownId);
    const seal = await accountSeal(this.#context.db, this.#context, sealedFor);
    return { operation: 'reverseTransaction', after: { reason, customerReason, overdrawReason }, seal };
  }

  /**
   * Pays out to an estate, at the counter or to an account: the one way in which money leaves an account whose owners have
   * died. Throws as transfer does, and 409 `customer_not_deceased` for an account that somebody alive owns.
   */
  async payOutEstate({ caller, idempotencyKey, ...payout }: EstatePayout): Promise<Answer> {
    const movement = cleanMovement(movementOfEstate(payout));
    const executorName = cleanName(payout.executorName, 'executorName', 140);
    const reason = cleanText(payout.reason, 'reason', 500);
    const values = [...movementValues(movement), executorName, reason];
    const idempotency = { key: idempotencyKey, requestHash: hashRequest('payOutEstate', values) };
    const accountId = ownAccountOf(movement);
    let route: Route;
    try {
      await this.#gate.judge(caller, 'payOutEstate', movement);
      route = await this.#findRoute(caller, movement);
    } catch (error) {
      return this.#refuseUnlessRepeated(error, caller, idempotency);
    }
    const entryId = newId(this.#context.ids, 'transaction');
    const { draft, row } = draftMovement(movement, route, { entryId, actor: caller.actor, idempotency });
    const counterparty = { ...row.counterparty, name: executorName };
    const seal = await accountSeal(this.#context.db, this.#context, accountId);
    const after = { type: row.type, mode: row.mode, executorName, reason };
    const act = { operation: 'payOutEstate', after, seal };
    try {
      return await this.#submit(
        { ...draft, isFromEstate: true },
        { ...row, counterparty, reason, caller, act },
      );
    } catch (error) {
      throw await hideDeletedAccount(this.#context, error, route.sides);
    }
  }

  /** Throws 403 `limit_requires_manager`, and `reversal_requires_manager` for what a teller did not just enter. */
  async #assertMayReverse(caller: Caller, { state }: Transaction, amount: Amount): Promise<void> {
    const { db, bookId } = this.#context;
    await this.#gate.judge(caller, 'reverseTransaction', amount);
    if (caller.role !== 'teller') return;
    const posted = await findPosted(db, bookId, state.id);
    if (posted?.actor !== caller.actor || !posted.isToday) throw authorityError('reversal_requires_manager');
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: TransactionId): Promise<Transaction> {
    const transaction = await findTransaction(this.#context.db, this.#context.bookId, id, viewerOf(caller));
    if (transaction === undefined) throw notFound();
    return transaction;
  }

  async list(caller: Caller, filter: Omit<TransactionFilter, 'seenBy'>): Promise<Transaction[]> {
    return listTransactions(this.#context.db, this.#context.bookId, { ...filter, seenBy: viewerOf(caller) });
  }

  /**
   * All transactions of the bank in the order of their commits: those after a place, and never one before another that
   * was committed earlier and is not read yet. Throws 403 `forbidden` for a customer's user.
   */
  async listInSequence(
    caller: Caller,
    page: { readonly after: bigint; readonly limit: number },
  ): Promise<Transaction[]> {
    assertReadsAll(caller);
    return listTransactionsInSequence(this.#context.db, this.#context.bookId, page);
  }

  /** Throws 404 `not_found` for the account. */
  async listLines(caller: Caller, accountId: AccountId, filter: LineFilter): Promise<AccountLine[]> {
    const { db, bookId } = this.#context;
    const { limit, beforeSeq, ...narrower } = filter;
    const isWhole = Object.values(narrower).every((value) => value === undefined);
    if (isWhole) return linesFor(db, bookId, { caller, accountId }, { limit, beforeSeq });
    await this.currencyOf(caller, accountId);
    const seenBy = ownCustomerOf(caller);
    return listAccountLines(db, bookId, accountId, { ...filter, isStaff: seenBy === undefined, seenBy });
  }

  /** The currency of an account, in which its lines are. Throws 404 `not_found`. */
  async currencyOf(caller: Caller, accountId: AccountId): Promise<Currency> {
    const { db, bookId } = this.#context;
    return (await accountFor(db, bookId, { caller, accountId }, 'see')).currency;
  }

  async #move(requested: Movement, { caller, idempotencyKey }: Keyed): Promise<Answer> {
    const movement = cleanMovement(requested);
    const idempotency = { key: idempotencyKey, requestHash: hashMovement(movement) };
    const { db, bookId } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: ownAccountOf(movement) }], 'pay');
    let route: Route;
    try {
      await this.#gate.judge(caller, operationOf(movement), movement);
      route = await this.#findRoute(caller, movement);
    } catch (error) {
      return this.#refuseUnlessRepeated(error, caller, idempotency);
    }
    const entryId = newId(this.#context.ids, 'transaction');
    const { draft, row } = draftMovement(movement, route, { entryId, actor: caller.actor, idempotency });
    try {
      return await this.#submit(draft, { ...row, caller });
    } catch (error) {
      throw await hideDeletedAccount(this.#context, error, route.sides);
    }
  }

  /**
   * Throws the refusal of a movement, unless it repeats one that was posted: that is answered as it was then, though
   * today it might not be accepted. Asked only about what is refused: of what is accepted the queue finds the key
   * as it posts, and a look-up before would cost every transfer a round trip.
   */
  async #refuseUnlessRepeated(refusal: unknown, caller: Caller, { key, requestHash }: Idempotency) {
    if (!isRefusal(refusal)) throw refusal;
    const first = await findEntryByKey(this.#context.db, this.#context.bookId, caller.actor, key);
    if (first === undefined || !first.requestHash.equals(requestHash)) throw refusal;
    return answeredFirst(this.#context, caller, first.entryId);
  }

  async #findRoute(caller: Caller, movement: Movement): Promise<Route> {
    await checkValueDate(this.#context, movement.kind === 'transfer' ? undefined : movement.valueDate);
    const [route] = await resolvePayees(this.#context, this.#internalAccounts, caller, [movement]);
    return requireRoute(route);
  }

  async #submit(draft: EntryDraft, row: MovementRow): Promise<Answer> {
    const settled = await this.#queue.submit({ draft, row }).catch((error: unknown) => {
      throw asLabelError(error);
    });
    if (settled.status === 'posted') {
      return { transaction: postedTransaction(draft, row, settled.entry), replayed: false };
    }
    return answeredFirst(this.#context, row.caller, settled.entryId);
  }
}

function movementOfEstate({ to, fromAccountId, executorName, ...money }: Omit<EstatePayout, keyof Keyed>) {
  if ('mode' in to) return { ...money, kind: 'withdrawal', accountId: fromAccountId, mode: to.mode } as const;
  const isAccountHere = 'accountId' in to || 'beneficiaryId' in to;
  const payee = isAccountHere ? to : { ...to, name: executorName };
  return { ...money, kind: 'transfer', fromAccountId, to: payee } as const;
}
