import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import { hasRunFrom } from '#features/end-of-day/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatRate, pairText } from '#lib/money/exchange.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { exchangeRateError } from './errors.ts';
import { cleanQuotes, type ExchangeRate, type GivenQuotes } from './exchange-rate.ts';
import { listExchangeRates, listValues, storeExchangeRate } from './repository.ts';

/** What foreign currencies cost, by date. What was valued at a rate stays: a date that is over keeps its own. */
export class ExchangeRateService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The last rate of each currency up to a date, today if not given. */
  async list({
    on,
    ...page
  }: {
    readonly on: IsoDate | undefined;
    readonly after?: Currency | undefined;
    readonly limit: number;
  }): Promise<ExchangeRate[]> {
    const { db, bookId, clock } = this.#context;
    return listExchangeRates(db, bookId, { ...page, on: on ?? (await followCalendar(db, bookId, clock)) });
  }

  /** The rates of a currency, the latest date first. Throws 404 `not_found` for one without. */
  async listValues(
    currency: Currency,
    page: { readonly before?: IsoDate | undefined; readonly limit: number },
  ): Promise<ExchangeRate[]> {
    const values = await listValues(this.#context.db, this.#context.bookId, { ...page, currency });
    if (values.length === 0 && page.before === undefined) throw notFound();
    return values;
  }

  /**
   * Sets the rate of a currency from a date on; one of the same date is replaced. Throws 400 `validation_failed`, and 422
   * `exchange_rate_date_over` for a date whose end has begun.
   */
  async set(caller: Caller, given: GivenQuotes, on: IsoDate | undefined): Promise<ExchangeRate> {
    const { db, bookId, clock } = this.#context;
    const quotes = cleanQuotes(given, await selectBaseCurrency(db, bookId));
    const today = await followCalendar(db, bookId, clock);
    const validOn = on ?? today;
    const rate = { ...quotes, validOn, setBy: caller.actor, setAt: new Date(clock.nowMs()) };
    await inTransaction(db, async (tx) => {
      if (validOn < today || (await hasRunFrom(tx, bookId, validOn))) {
        const first = (await hasRunFrom(tx, bookId, today)) ? addDays(today, 1) : today;
        throw exchangeRateError('exchange_rate_date_over', { first });
      }
      await storeExchangeRate(tx, bookId, rate);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setExchangeRate',
        resourceType: 'exchange_rate',
        resourceId: rate.currency,
        after: {
          validOn,
          pair: pairText(rate.pair),
          bid: formatRate(rate.bidE10),
          ask: formatRate(rate.askE10),
          mid: formatRate(rate.midE10),
        },
      });
    });
    return rate;
  }
}
