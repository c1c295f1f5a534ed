import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import type { AnyTx } from '#db/session.ts';
import { TURN_TIMEOUT_MS } from '#db/time-limits.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountSeal, assertAccess } from '#features/accounts/contract.ts';
import { type PersonalSeal, recordAudit } from '#features/audit/contract.ts';
import { assertRight, type MoneyGate } from '#features/authority/contract.ts';
import { loadAllowances } from '#features/limits/contract.ts';
import { hideDeletedAccount } from '#features/transactions/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import { ledgerError } from '#ledger/errors.ts';
import { changeHeld, judgeHold } from '#ledger/holds.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { registerKey } from '#ledger/used-keys.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { KeyedTurns } from '#lib/concurrency/keyed-turns.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type HoldId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Money } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type CaptureRequest, captureHold } from './capture-hold.ts';
import { changeHold } from './change-hold.ts';
import { assertAhead, cleanReference, type Hold, type HoldChanges, newHold } from './hold.ts';
import {
  findHold,
  findHoldByKey,
  type HoldFilter,
  insertHold,
  listHolds,
  lockHold,
  updateHold,
} from './repository.ts';

/** Whether another process placed a hold under the same key in the meantime. */
const isTwinHold = isTwin('holds_idempotency');

export type PlaceRequest = Money &
  Labels & {
    readonly caller: Caller;
    readonly idempotencyKey: string;
    readonly accountId: AccountId;
    readonly expiresAtMs?: number | undefined;
    readonly reference?: string | undefined;
  };

export type Placed = { readonly hold: Hold; readonly replayed: boolean };
/** The hold as the capture left it. */
export type Captured = Placed & { readonly transactionId: TransactionId };

/**
 * Sets money aside, takes it, or lets it go; each call is one database transaction. Locks, in this order: the hold,
 * the book (shared), ledger accounts by ascending id. What happens to one hold at the same time therefore happens
 * one after the other, and it has one end.
 *
 * A customer's user may do on an account what its role as a holder allows (`pay`), with the holds that holders
 * placed. What the bank set aside is the bank's to end. A teller has 403 `limit_requires_manager` above the limit.
 */
export class HoldService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;
  readonly #turns = new KeyedTurns();

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
    this.#gate = gate;
  }

  /** Throws 400 `validation_failed` for an end of a hold that is over. */
  judgeEnd(expiresAtMs: number | undefined): void {
    assertAhead(expiresAtMs, this.#context.clock.nowMs());
  }

  /**
   * Sets money aside: from now on it is not available. Throws 400 `validation_failed`, 404 `not_found`, 409
   * `account_closed` or `account_frozen`, 422 `insufficient_funds`, `currency_mismatch`, `limit_exceeded` or
   * `idempotency_key_reused`.
   */
  async place(request: PlaceRequest): Promise<Placed> {
    const { db, bookId, clock, ids } = this.#context;
    const { caller, accountId, amountMinor, currency, expiresAtMs } = request;
    await assertAccess(db, bookId, [{ caller, accountId }], 'pay');
    const reference = cleanReference(request.reference);
    const labels = cleanLabels(request);
    const values = [
      accountId,
      amountMinor,
      currency,
      expiresAtMs?.toString(),
      reference,
      ...labelValues(labels),
    ];
    const idempotency = { key: request.idempotencyKey, requestHash: hashRequest('hold', values) };
    const id = newId(ids, 'hold');
    await followCalendar(db, bookId, clock);
    return this.#inTurn(accountId, async (tx) => {
      const placedOn = await holdBusinessDate(tx, bookId);
      const { states } = await lockAccounts(tx, bookId, [accountId]);
      // After the lock: a twin of the request holds the same account, and is seen as soon as it is free.
      const { key, requestHash } = idempotency;
      const first = claimKey(await findHoldByKey(tx, bookId, caller.actor, key), requestHash);
      if (first !== undefined) return { hold: first.hold.asFirstAnswered(), replayed: true };
      await this.#gate.pass(tx, caller, 'placeHold', request);
      const createdAtMs = clock.nowMs();
      const placedBy = partyOf(caller);
      const hold = newHold({
        id,
        accountId,
        amountMinor,
        currency,
        expiresAtMs,
        reference,
        placedBy,
        placedOn,
        createdAtMs,
        ...labels,
      });
      const refusal = judgeHold(states.get(accountId), request);
      if (refusal !== undefined) {
        const sides = { debit: accountId, credit: accountId };
        throw await hideDeletedAccount(this.#context, ledgerError(refusal), sides);
      }
      await this.#assertWithinLimits(tx, accountId, amountMinor, placedOn);
      await assertAccess(tx, bookId, [{ caller, accountId }], 'pay');
      await changeHeld(tx, bookId, new Map([[accountId, amountMinor]]));
      await insertHold(tx, bookId, hold, { actor: caller.actor, idempotency });
      const use = { actor: caller.actor, ...idempotency, operation: 'placeHold' };
      await registerKey(tx, bookId, use, { nowMs: createdAtMs });
      const expiresAt = expiresAtMs === undefined ? null : new Date(expiresAtMs);
      const after = { accountId: toTypeId('account', accountId), status: 'active', placedBy, expiresAt };
      await this.#record(tx, caller, 'placeHold', id, after);
      return { hold, replayed: false };
    });
  }

  /**
   * Raises, lowers or extends a hold of the version that the caller read. Throws 404 `not_found`, 403 `forbidden` or
   * `limit_requires_manager`, 412 `version_conflict`, and what changeHold throws.
   */
  async change(caller: Caller, id: HoldId, version: IfMatch, changes: HoldChanges): Promise<Hold> {
    const { db, bookId, clock } = this.#context;
    const { accountId, currency } = await this.#findToEnd(caller, id);
    await followCalendar(db, bookId, clock);
    return this.#inTurn(accountId, async (tx) => {
      const hold = await lockHold(tx, bookId, id);
      if (hold === undefined) throw notFound();
      hold.assertVersion(version);
      await this.#gate.pass(tx, caller, 'changeHold', { amountMinor: changes.amountMinor ?? 0n, currency });
      await changeHold(tx, this.#context, hold, changes);
      await assertAccess(tx, bookId, [{ caller, accountId }], 'pay');
      const { expiresAtMs } = hold.state;
      const expiresAt = expiresAtMs === undefined ? null : new Date(expiresAtMs);
      await this.#record(tx, caller, 'changeHold', id, { expiresAt, version: hold.state.version });
      return hold;
    });
  }

  /**
   * Takes money out of a hold, to another account of the book or, without one, to where it waits for settlement.
   * It was reserved: no balance refuses it, but what goes beyond the hold. With `forceReason` a manager has it taken
   * beyond the hold, or after its time; 403 `forbidden` for others. Throws 404 `not_found`, 403 `forbidden`, 409 `hold_not_active`,
   * `account_frozen` or `account_closed`, 422 `capture_exceeds_hold`, `same_account`, `currency_mismatch` or
   * `idempotency_key_reused`.
   */
  async capture(request: CaptureRequest): Promise<Captured> {
    const { caller, holdId } = request;
    const { db, bookId, clock, ids } = this.#context;
    const { accountId, currency } = await this.#findToEnd(caller, holdId);
    const { labels, forceReason } = checkAll({
      labels: () => cleanLabels(request),
      forceReason: () => optional(request.forceReason, (text) => cleanText(text, 'forceReason', 500)),
    });
    if (forceReason !== undefined) assertRight(caller, 'forceCapture');
    const transactionId = newId(ids, 'transaction');
    await followCalendar(db, bookId, clock);
    const answer = await this.#inTurn(accountId, async (tx) => {
      const hold = await lockHold(tx, bookId, holdId);
      if (hold === undefined) throw notFound();
      const captured = await captureHold(tx, this.#context, this.#internalAccounts, hold, {
        ...request,
        ...labels,
        forceReason,
        transactionId,
      });
      if (captured.replayed) return captured;
      const { amountMinor } = captured;
      await this.#gate.pass(tx, caller, 'captureHold', { amountMinor, currency });
      await assertAccess(tx, bookId, [{ caller, accountId }], 'pay');
      const after = {
        status: hold.state.status,
        transactionId: toTypeId('transaction', captured.transactionId),
        reason: forceReason,
      };
      const seal = forceReason === undefined ? undefined : await accountSeal(tx, this.#context, accountId);
      await this.#record(tx, caller, 'captureHold', holdId, after, seal);
      return captured;
    });
    return { hold: answer.hold, transactionId: answer.transactionId, replayed: answer.replayed };
  }

  /** Lets go of what remains. Throws 404 `not_found`, 403 `forbidden`, 409 `hold_not_active`. */
  async release(caller: Caller, id: HoldId): Promise<Hold> {
    const { bookId, clock } = this.#context;
    const { accountId } = await this.#findToEnd(caller, id);
    return this.#inTurn(accountId, async (tx) => {
      const hold = await lockHold(tx, bookId, id);
      if (hold === undefined) throw notFound();
      const releasedMinor = hold.release(clock.nowMs());
      await lockAccounts(tx, bookId, [accountId]);
      await assertAccess(tx, bookId, [{ caller, accountId }], 'pay');
      await changeHeld(tx, bookId, new Map([[accountId, -releasedMinor]]));
      await updateHold(tx, bookId, hold);
      await this.#record(tx, caller, 'releaseHold', id, { status: 'released' });
      return hold;
    });
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: HoldId): Promise<Hold> {
    const { db, bookId } = this.#context;
    const hold = await findHold(db, bookId, id);
    if (hold === undefined) throw notFound();
    await assertAccess(db, bookId, [{ caller, accountId: hold.state.accountId }], 'see');
    return hold;
  }

  /** A customer's user is shown the holds on what its customer holds. */
  async page(caller: Caller, filter: Omit<HoldFilter, 'seenBy' | 'through'>): Promise<Sought<Hold, HoldId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, filter, [filter.accountId, filter.externalId])
      ? await lookBackFrom(db, bookId, 'holds', filter.after)
      : undefined;
    const rows = await listHolds(db, bookId, { ...filter, through, seenBy: ownCustomerOf(caller) });
    return { rows, soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(caller: Caller, filter: Omit<HoldFilter, 'seenBy' | 'through' | 'metadata'>): Promise<Hold[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /** What never changes about a hold that the caller may end. Throws 404 `not_found`, 403 `forbidden`. */
  async #findToEnd(caller: Caller, id: HoldId): Promise<Hold['state']> {
    const hold = await this.get(caller, id);
    const { db, bookId } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: hold.state.accountId }], 'pay');
    hold.assertOursToEnd(partyOf(caller));
    return hold.state;
  }

  /** What is set aside counts as paid on its day. Throws 422 `limit_exceeded`. */
  async #assertWithinLimits(
    tx: AnyTx,
    accountId: AccountId,
    amountMinor: bigint,
    businessDate: IsoDate,
  ): Promise<void> {
    const allowances = await loadAllowances(tx, this.#context.bookId, [accountId], businessDate);
    const error = allowances.get(accountId)?.judge({ amountMinor, toNew: false });
    if (error !== undefined) throw error;
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    id: HoldId,
    after: Readonly<Record<string, unknown>>,
    seal?: PersonalSeal,
  ): Promise<void> {
    const resource = { resourceType: 'hold', resourceId: toTypeId('hold', id) } as const;
    return recordAudit(tx, this.#context, { caller, operation, ...resource, after, seal });
  }

  /** A transaction when it is the account's turn in this process: at most one of its connections waits for a lock. */
  #inTurn<Result>(accountId: AccountId, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const { db } = this.#context;
    return this.#turns.take(accountId, TURN_TIMEOUT_MS, () =>
      inTransaction(db, work, { alsoRetry: isTwinHold }).catch((error: unknown) => {
        throw asLabelError(error);
      }),
    );
  }
}

function partyOf(caller: Caller): 'bank' | 'holder' {
  return ownCustomerOf(caller) === undefined ? 'bank' : 'holder';
}
