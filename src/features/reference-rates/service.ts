import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { hasRunFrom } from '#features/end-of-day/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { formatRatePpm, parseRatePpm } from '#lib/money/rate-ppm.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { referenceRateError } from './errors.ts';
import { listReferenceRates, listValues, type ReferenceRate, storeReferenceRate } from './repository.ts';

/** A thousand percent a year, either way. */
const MAX_RATE_PPM = 10_000_000n;

const CODE = /^[A-Z][A-Z0-9._-]{0,29}$/;

/** A rate to set; from the business date on, if not given. */
export type SetReferenceRate = {
  readonly code: string;
  readonly rate: string;
  readonly validFrom?: IsoDate | undefined;
};

/** The rates that terms of interest refer to. What was counted with a rate stays: a date that is over keeps its own. */
export class ReferenceRateService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Each as it is today, or as it first will be, by code. */
  async list(page: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<ReferenceRate[]> {
    const { db, bookId, clock } = this.#context;
    return listReferenceRates(db, bookId, { ...page, on: await followCalendar(db, bookId, clock) });
  }

  /** The values of one, the latest date first. Throws 404 `not_found` for one that was never set. */
  async listValues(
    code: string,
    page: { readonly before?: IsoDate | undefined; readonly limit: number },
  ): Promise<ReferenceRate[]> {
    const values = await listValues(this.#context.db, this.#context.bookId, { ...page, code });
    if (values.length === 0 && page.before === undefined) throw notFound();
    return values;
  }

  /**
   * Sets a rate from a date on; one of the same date is replaced. Throws 400 `validation_failed`, and 422
   * `rate_date_over` for a date whose interest is counted.
   */
  async set(caller: Caller, wanted: SetReferenceRate): Promise<ReferenceRate> {
    const { db, bookId, clock } = this.#context;
    const ratePpm = parseRatePpm(wanted.rate);
    if (ratePpm === undefined || ratePpm > MAX_RATE_PPM || ratePpm < -MAX_RATE_PPM) {
      throw validationFailed({ path: 'rate', message: 'must be a percentage like "2.15", up to 1000' });
    }
    if (!CODE.test(wanted.code)) {
      throw validationFailed({
        path: 'code',
        in: 'path',
        message: 'must be capital letters, digits, `.`, `_` and `-`',
      });
    }
    const today = await followCalendar(db, bookId, clock);
    const { code, validFrom = today } = wanted;
    const rate = { code, validFrom, ratePpm, setBy: caller.actor, setAt: new Date(clock.nowMs()) };
    await inTransaction(db, async (tx) => {
      // The end of a date does not begin between this look and the commit.
      await holdBusinessDate(tx, bookId);
      if (validFrom < today || (await hasRunFrom(tx, bookId, validFrom))) {
        const first = (await hasRunFrom(tx, bookId, today)) ? addDays(today, 1) : today;
        throw referenceRateError('rate_date_over', { first });
      }
      await storeReferenceRate(tx, bookId, rate);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setReferenceRate',
        resourceType: 'reference_rate',
        resourceId: code,
        after: { validFrom, rate: formatRatePpm(ratePpm) },
      });
    });
    return rate;
  }
}
