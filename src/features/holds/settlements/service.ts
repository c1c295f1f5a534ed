import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import type { InternalAccount } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { registerKey } from '#ledger/used-keys.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound } from '#lib/errors.ts';
import { type CaptureSettlementId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { Sought } from '#lib/sought.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { holdError } from '../errors.ts';
import { cleanReference } from '../hold.ts';
import {
  findSettlement,
  findSettlementByKey,
  insertSettlement,
  listSettled,
  listSettlements,
  listUnsettled,
  lockLine,
  type SettlementFilter,
  sumUnsettled,
} from './repository.ts';
import {
  type CaptureItem,
  type CaptureSettlement,
  MAX_SETTLED_AT_ONCE,
  sumOf,
  type UnsettledSum,
} from './settlement.ts';

export type SettleRequest = Labels & {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly currency: Currency;
  /** Those booked up to this date; all if not given. */
  readonly through?: IsoDate | undefined;
  /** Those of these transactions; all if not given. */
  readonly ids?: readonly TransactionId[] | undefined;
  readonly reference?: string | undefined;
};

export type SettlementAnswer = { readonly settlement: CaptureSettlement; readonly replayed: boolean };

const isTwinSettlement = isTwin('capture_settlements_idempotency');

/**
 * Settles with the acquirer what was captured of holds and left the bank: it stands on a line of its own until then. What
 * took a capture back is settled with it, so that the line is always the sum of what is not settled. Each call is one
 * database transaction. Locks: the line, the book (shared).
 */
export class CaptureSettlementService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
    this.#gate = gate;
  }

  /**
   * Settles up to 10,000 captures of a currency, the oldest first, by one entry: each is settled once. Throws 409
   * `external_id_exists`, `nothing_to_settle`, `capture_not_unsettled` for one that was named, 422 `currency_mismatch` for a currency that the
   * book does not keep, `idempotency_key_reused`, 400 `validation_failed` for the reference.
   */
  async settle(request: SettleRequest): Promise<SettlementAnswer> {
    const { db, bookId, clock } = this.#context;
    const { currency, through } = request;
    const { labels, reference } = checkAll({
      labels: () => cleanLabels(request),
      reference: () => cleanReference(request.reference),
    });
    const ids = request.ids === undefined ? undefined : [...new Set(request.ids)].toSorted();
    const values = [currency, through, reference, ...(ids ?? []), ...labelValues(labels)];
    const requestHash = hashRequest('settleCaptures', values);
    const line = await this.#line(currency);
    await followCalendar(db, bookId, clock);
    const work = (tx: Tx) => this.#settle(tx, line, { ...request, ...labels, ids, reference }, requestHash);
    return inTransaction(db, work, { alsoRetry: isTwinSettlement }).catch((error: unknown) => {
      throw asLabelError(error);
    });
  }

  /** Throws 404 `not_found`. */
  async get(id: CaptureSettlementId): Promise<CaptureSettlement> {
    const settlement = await findSettlement(this.#context.db, this.#context.bookId, id);
    if (settlement === undefined) throw notFound();
    return settlement;
  }

  async page(
    caller: Caller,
    filter: Omit<SettlementFilter, 'through'>,
  ): Promise<Sought<CaptureSettlement, CaptureSettlementId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, filter, [filter.externalId])
      ? await lookBackFrom(db, bookId, 'capture_settlements', filter.after)
      : undefined;
    return { rows: await listSettlements(db, bookId, { ...filter, through }), soughtThrough: through };
  }

  /** What was settled by one of them. */
  listItems(settlement: CaptureSettlement): Promise<CaptureItem[]> {
    return listSettled(this.#context.db, this.#context.bookId, settlement);
  }

  /** What is not settled, the oldest first. Throws 422 `currency_mismatch`. */
  async listUnsettled(
    currency: Currency,
    page: { readonly limit: number; readonly after?: TransactionId | undefined },
  ): Promise<CaptureItem[]> {
    const { db, bookId } = this.#context;
    return listUnsettled(db, bookId, await this.#line(currency), page);
  }

  /** Throws 422 `currency_mismatch`. */
  async sumUnsettled(currency: Currency): Promise<UnsettledSum> {
    const { db, bookId } = this.#context;
    return sumUnsettled(db, bookId, await this.#line(currency));
  }

  async #settle(
    tx: Tx,
    line: InternalAccount,
    request: SettleRequest,
    requestHash: Buffer,
  ): Promise<SettlementAnswer> {
    const { bookId, clock, ids: idSource } = this.#context;
    const { caller, idempotencyKey, currency, reference, ids, through } = request;
    await lockLine(tx, bookId, line);
    const first = claimKey(await findSettlementByKey(tx, bookId, caller.actor, idempotencyKey), requestHash);
    if (first !== undefined) return { settlement: first.settlement, replayed: true };
    const settledOn = await holdBusinessDate(tx, bookId);
    const items = await listUnsettled(tx, bookId, line, { through, ids, limit: MAX_SETTLED_AT_ONCE });
    assertFound(items, ids);
    const amountMinor = sumOf(items);
    const most = amountMinor < 0n ? -amountMinor : amountMinor;
    await this.#gate.pass(tx, caller, 'settleCaptures', { amountMinor: most, currency });
    const entryId = await this.#post(tx, caller, line, amountMinor);
    const settlement: CaptureSettlement = {
      id: newId(idSource, 'captureSettlement'),
      currency,
      amountMinor,
      itemCount: items.length,
      reference,
      externalId: request.externalId,
      metadata: request.metadata,
      entryId,
      settledOn,
      settledBy: caller.actor,
      createdAtMs: clock.nowMs(),
    };
    const idempotency = { key: idempotencyKey, requestHash };
    await insertSettlement(tx, bookId, settlement, { line, items, idempotency });
    const use = { actor: caller.actor, ...idempotency, operation: 'settleCaptures' };
    await registerKey(tx, bookId, use, { nowMs: settlement.createdAtMs });
    await recordAudit(tx, this.#context, {
      caller,
      operation: 'settleCaptures',
      resourceType: 'capture_settlement',
      resourceId: toTypeId('captureSettlement', settlement.id),
      after: { currency, itemCount: items.length },
    });
    return { settlement, replayed: false };
  }

  /** Pays the acquirer through clearing, or is paid; nothing where captures and what took them back are even. */
  async #post(
    tx: Tx,
    { actor }: Caller,
    line: InternalAccount,
    amountMinor: bigint,
  ): Promise<TransactionId | undefined> {
    if (amountMinor === 0n) return undefined;
    const { currency } = line;
    const clearing = await this.#internalAccounts.find(this.#context.db, CHART.clearing, currency);
    assert(clearing !== undefined, 'a currency with one line of the chart has all of them');
    const entryId = newId(this.#context.ids, 'transaction');
    const posting =
      amountMinor > 0n
        ? { debit: line, credit: clearing, amountMinor, currency }
        : { debit: clearing, credit: line, amountMinor: -amountMinor, currency };
    const [outcome] = await post(tx, this.#context, [
      { entryId, kind: 'transfer', actor, postings: [posting] },
    ]);
    assert(outcome?.status === 'posted', 'what the bank moves between accounts of its own is posted');
    return entryId;
  }

  async #line(currency: Currency): Promise<InternalAccount> {
    const line = await this.#internalAccounts.find(this.#context.db, CHART.captureSettlement, currency);
    if (line === undefined) throw ledgerError('currency_mismatch');
    return line;
  }
}

/** Throws 409 `nothing_to_settle`, and `capture_not_unsettled` that names those which were asked for and not found. */
function assertFound(items: readonly CaptureItem[], ids: readonly TransactionId[] | undefined): void {
  const found = new Set(items.map(({ transactionId }) => transactionId));
  const missing = (ids ?? []).filter((id) => !found.has(id));
  if (missing.length > 0) {
    const fields = missing.slice(0, 10).map((id) => ({
      path: 'transactionIds',
      message: `${toTypeId('transaction', id)} is not to be settled`,
    }));
    throw holdError('capture_not_unsettled', { fields });
  }
  if (items.length === 0) throw holdError('nothing_to_settle');
}
