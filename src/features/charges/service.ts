import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { accountFor, accountSeal } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import {
  type AccountFee,
  changeFees,
  FEE_EVENTS,
  type FeeEvent,
  type FeePaymentType,
  givenBack,
  insertFees,
  lockFees,
  notChargedOf,
  Pricing,
  paymentTypesOf,
} from '#features/fees/contract.ts';
import { storeTransactionRows } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { post } from '#ledger/post.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { type AccountId, type FeeId, newId, toTypeId } from '#lib/ids.ts';
import { parseAmount } from '#lib/money/money.ts';
import { cleanReasons, type Reasons } from '#lib/reasons.ts';
import { optional } from '#lib/text.ts';
import { chargeError } from './errors.ts';
import { type FeeFilter, findFee, listFees, lockFee } from './repository.ts';
import type { StoredFee } from './stored-fee.ts';

/** What would be done; the amount in major units. */
export type PreviewRequest = {
  readonly event?: FeeEvent | undefined;
  readonly amount?: string | undefined;
  readonly paymentType?: FeePaymentType | undefined;
};

/** A fee that something would cost. */
export type FeePreview = Pick<
  AccountFee,
  'code' | 'name' | 'event' | 'feeMinor' | 'taxMinor' | 'currency' | 'taxName' | 'notCharged' | 'facts'
>;

/** The fees of accounts. */
export class ChargeService {
  readonly #context: Context;
  readonly #gate: MoneyGate;

  constructor(context: Context, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /** The fees of an account, the newest first. Throws 404 `not_found`. */
  async list(caller: Caller, accountId: AccountId, filter: FeeFilter): Promise<StoredFee[]> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    return listFees(db, bookId, accountId, filter);
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, accountId: AccountId, id: FeeId): Promise<StoredFee> {
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId }, 'see');
    const fee = await findFee(db, bookId, accountId, id);
    if (fee === undefined) throw notFound();
    return fee;
  }

  /**
   * What something would cost an account now. Throws 404 `not_found`, and 400 `validation_failed` or `invalid_amount` for
   * an amount or a kind of payment that does not suit.
   */
  async preview(caller: Caller, accountId: AccountId, request: PreviewRequest): Promise<FeePreview[]> {
    const { db, bookId, clock } = this.#context;
    const { currency } = await accountFor(db, bookId, { caller, accountId }, 'see');
    const { event, paymentType } = request;
    const { amountMinor } = checkAll({
      amountMinor: () => optional(request.amount, (text) => parseAmount(text, currency)),
      paymentType: () => assertSuits(request),
    });
    const today = await followCalendar(db, bookId, clock);
    const events = event === undefined ? FEE_EVENTS : [event];
    const questions = events.map((one) => ({ accountId, event: one, paymentType, amountMinor }));
    const pricing = await inTransaction(db, (tx) => Pricing.load(tx, bookId, questions, { date: today }), {
      readOnlySnapshot: true,
    });
    const assessed = questions.flatMap((question) => pricing.assess(question));
    return assessed.map(({ schedule, assessment }) => ({
      code: assessment.fee.code,
      name: assessment.fee.name,
      event: assessment.fee.event,
      feeMinor: assessment.charge.feeMinor,
      taxMinor: assessment.charge.taxMinor,
      currency: schedule.currency,
      taxName: assessment.fee.tax?.name,
      notCharged: notChargedOf(assessment),
      facts: assessment.facts,
    }));
  }

  /**
   * Does not ask for a fee any more that is due. Throws 404 `not_found`, 409 `fee_not_due`, 400 `validation_failed` for a
   * reason. Locks the fee.
   */
  async waive(caller: Caller, accountId: AccountId, id: FeeId, given: Reasons): Promise<StoredFee> {
    const { db, bookId, clock } = this.#context;
    const reasons = cleanReasons(given);
    await inTransaction(db, async (tx) => {
      const fee = await this.#lock(tx, accountId, id);
      if (fee.status !== 'due') throw chargeError('fee_not_due');
      const decided = { decidedBy: caller.actor, ...reasons };
      await changeFees(tx, bookId, [{ id, from: 'due', to: 'waived', ...decided }], clock.nowMs());
      await this.#record(tx, caller, 'waiveAccountFee', fee, { status: 'waived', ...reasons });
    });
    return afterCommit(() => this.get(caller, accountId, id));
  }

  /**
   * Gives back a fee that was charged, with its tax, by an entry of its own. Throws 404 `not_found`, 409 `fee_not_charged`
   * and what the kernel refuses (`account_closed`, `account_frozen`), 403 `limit_requires_manager`, and 400
   * `validation_failed` for a reason. Locks the fee, the book's row (shared) and the account.
   */
  async refund(caller: Caller, accountId: AccountId, id: FeeId, given: Reasons): Promise<StoredFee> {
    const { db, bookId, clock, ids } = this.#context;
    const reasons = cleanReasons(given);
    await followCalendar(db, bookId, clock);
    await inTransaction(db, async (tx) => {
      const fee = await this.#lock(tx, accountId, id);
      const { entryId, feeMinor, taxMinor, currency, name } = fee;
      if (fee.status !== 'charged' || entryId === undefined) throw chargeError('fee_not_charged');
      const amountMinor = feeMinor + taxMinor;
      await this.#gate.judgeWithin(tx, caller, 'refundAccountFee', { amountMinor, currency });
      const charged = await lockFees(tx, bookId, [id]);
      const refundEntryId = newId(ids, 'transaction');
      const draft: EntryDraft = {
        entryId: refundEntryId,
        kind: 'fee',
        actor: caller.actor,
        postings: charged.flatMap(givenBack),
      };
      const [outcome] = await post(tx, this.#context, [draft]);
      if (outcome?.status === 'refused') throw ledgerError(outcome.code);
      const row = {
        id: refundEntryId,
        accountId,
        type: 'fee',
        mode: 'internal',
        amountMinor,
        reason: reasons.reason,
      } as const;
      const description = reasons.customerReason ?? `Refund: ${name}`;
      const texts = { description, reference: toTypeId('transaction', entryId) };
      await storeTransactionRows(tx, bookId, [{ ...row, ...texts }]);
      const lines = charged.flatMap(({ part }, index) =>
        part === null ? [] : [{ entryId: refundEntryId, line: index + 1, feeId: id, part }],
      );
      const decided = { decidedBy: caller.actor, ...reasons, refundEntryId };
      await insertFees(tx, bookId, [], lines);
      await changeFees(tx, bookId, [{ id, from: 'charged', to: 'refunded', ...decided }], clock.nowMs());
      await this.#record(tx, caller, 'refundAccountFee', fee, { status: 'refunded', ...reasons });
    });
    return afterCommit(() => this.get(caller, accountId, id));
  }

  async #lock(tx: Tx, accountId: AccountId, id: FeeId): Promise<StoredFee> {
    const fee = await lockFee(tx, this.#context.bookId, accountId, id);
    if (fee === undefined) throw notFound();
    return fee;
  }

  async #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    { id, accountId, status }: StoredFee,
    after: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    await recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'fee',
      resourceId: toTypeId('fee', id),
      before: { status },
      after: { accountId: toTypeId('account', accountId), ...after },
      seal: await accountSeal(tx, this.#context, accountId),
    });
  }
}

function assertSuits({ event, paymentType }: PreviewRequest): void {
  if (paymentType === undefined || event === undefined || paymentTypesOf(event).includes(paymentType)) return;
  throw validationFailed({ path: 'paymentType', message: 'is not one of the event' });
}
