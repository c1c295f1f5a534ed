import type { Context } from '#db/context.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import { type ExchangeRate, loadExchangeRates } from '#features/exchange-rates/contract.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Position, worthOf } from './position.ts';
import { selectPositions } from './repository.ts';

/** A position, and what it is worth at the middle rate; nothing is known of its worth without a rate. */
export type ValuedPosition = Position & {
  readonly rate: ExchangeRate | undefined;
  readonly worthMinor: bigint | undefined;
};

export type PositionReport = {
  readonly asOf: IsoDate;
  readonly base: Currency;
  readonly positions: readonly ValuedPosition[];
};

/** The positions of the bank in foreign currencies. Takes no locks. */
export class PositionService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** At the end of a date, today if not given. Throws 400 `validation_failed` for a date that has not come. */
  async report(wanted: IsoDate | undefined): Promise<PositionReport> {
    const { db, bookId, clock } = this.#context;
    if (wanted !== undefined) await requireCome(db, this.#context, { businessDate: wanted });
    const asOf = wanted ?? (await followCalendar(db, bookId, clock));
    const [positions, rates, base] = await Promise.all([
      selectPositions(db, bookId, asOf),
      loadExchangeRates(db, bookId, asOf),
      selectBaseCurrency(db, bookId),
    ]);
    const valued = positions.map((position): ValuedPosition => {
      const rate = rates.get(position.currency);
      const worthMinor = rate && worthOf(position, { pair: rate.pair, rateE10: rate.midE10 });
      return { ...position, rate, worthMinor };
    });
    return { asOf, base, positions: valued };
  }
}
