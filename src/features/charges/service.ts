import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountFor } from '#features/accounts/contract.ts';
import {
  type AccountFee,
  type FeeEvent,
  type FeePaymentType,
  notChargedOf,
  Pricing,
  paymentTypesOf,
} from '#features/fees/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import type { AccountId, FeeId } from '#lib/ids.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { type FeeFilter, findFee, listFees } from './repository.ts';
import type { StoredFee } from './stored-fee.ts';

/** What would be done; the amount in major units. */
export type PreviewRequest = {
  readonly event: FeeEvent;
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

  constructor(context: Context) {
    this.#context = context;
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
    const question = { accountId, event, paymentType, amountMinor };
    const pricing = await inTransaction(db, (tx) => Pricing.load(tx, bookId, [question], { date: today }), {
      readOnlySnapshot: true,
    });
    return pricing.assess(question).map(({ schedule, assessment }) => ({
      code: assessment.fee.code,
      name: assessment.fee.name,
      event,
      feeMinor: assessment.charge.feeMinor,
      taxMinor: assessment.charge.taxMinor,
      currency: schedule.currency,
      taxName: assessment.fee.tax?.name,
      notCharged: notChargedOf(assessment),
      facts: assessment.facts,
    }));
  }
}

function assertSuits({ event, paymentType }: PreviewRequest): void {
  if (paymentType === undefined || paymentTypesOf(event).includes(paymentType)) return;
  throw validationFailed({ path: 'paymentType', message: 'is not one of the event' });
}
