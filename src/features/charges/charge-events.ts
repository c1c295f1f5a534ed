import type { AnyTx } from '#db/session.ts';
import { type FeeEvent, Pricing } from '#features/fees/contract.ts';
import type { RefusalCode } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { firstOfMonth } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type BookedFee, type BookingContext, bookFees, type FeeToBook } from './booking.ts';

/** Something that happened to an account, and the TypeID of what it is about. */
export type ChargedEvent = {
  readonly accountId: AccountId;
  readonly event: FeeEvent;
  readonly about: string;
};

/**
 * Charges what events on accounts cost by their terms, in this order. Locks the book's row (shared) and the ledger accounts
 * of those that cost something. Throws 422 `insufficient_funds` where the terms refuse what is not paid for.
 */
export async function chargeEvents(
  tx: AnyTx,
  context: BookingContext,
  events: readonly ChargedEvent[],
  date: IsoDate,
): Promise<void> {
  if (events.length === 0) return;
  const pricing = await Pricing.load(tx, context.bookId, events, { date });
  const fees = events.flatMap((one): FeeToBook[] =>
    pricing.assess(one).map((assessed) => {
      pricing.count(one.accountId, assessed);
      const { schedule, assessment, eventNumber } = assessed;
      const { accountId, about } = one;
      const monthOn = firstOfMonth(date);
      const arisen = { accountId, businessDate: date, monthOn, eventNumber, dueOn: undefined, about };
      return { schedule, assessment, arisen };
    }),
  );
  const booked = await bookFees(tx, context, fees);
  for (const [index, { assessment }] of fees.entries()) {
    assertTaken(assessment.fee.whenShort === 'refuse' ? booked[index] : undefined);
  }
}

function assertTaken(booked: BookedFee | undefined): void {
  if (booked?.refusedWith !== undefined) throw ledgerError(booked.refusedWith as RefusalCode);
}
