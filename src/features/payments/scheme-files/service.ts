import type { Context } from '#db/context.ts';
import { selectBank } from '#features/books/contract.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import { loadBasicText } from '#lib/basic-text.ts';
import { notFound } from '#lib/errors.ts';
import { type SubmissionId, toTypeId } from '#lib/ids.ts';
import { dateAt } from '#lib/time/dates.ts';
import { paymentError } from '../errors.ts';
import { findSubmission } from '../submission-repository.ts';
import { type PaymentFile, writePacs008 } from './pacs008.ts';
import { listOrders } from './payment-order.ts';

/** Payments that were claimed, as the files in which they are sent. Nothing is stored: a file can be made again. */
export class SchemeFileService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * The payments of a submission as pacs.008. The message, its payments and the day of settlement are the same whenever it
   * is asked for, so that a scheme knows one that it has. Throws 404 `not_found`, 422 `submission_mixed`,
   * `bank_bic_missing` and `payment_not_writable`.
   */
  async pacs008(id: SubmissionId): Promise<string> {
    const { db, bookId } = this.#context;
    const submission = await findSubmission(db, bookId, id);
    if (submission === undefined) throw notFound();
    const { totals, createdAtMs } = submission;
    const [total, ...others] = totals;
    if (total === undefined || others.length > 0) {
      throw paymentError('submission_mixed', { currencies: totals.map(({ currency }) => currency) });
    }
    const bank = await selectBank(db, bookId);
    if (bank.bic === null) throw paymentError('bank_bic_missing');
    const sentOn = dateAt(createdAtMs, bank.timeZone);
    const calendar = await loadCalendar(db, bookId, sentOn);
    const file: PaymentFile = {
      messageId: messageIdOf(id),
      createdAt: `${new Date(createdAtMs).toISOString().slice(0, 19)}Z`,
      settlesOn: calendar.onOrAfter(sentOn),
      bankBic: bank.bic,
      currency: total.currency,
      orders: await listOrders(db, bookId, id),
    };
    const toText = await loadBasicText();
    return [...writePacs008(file, toText)].join('');
  }
}

/** The id of a submission in the 35 characters of a message's. */
function messageIdOf(id: SubmissionId): string {
  const text = toTypeId('submission', id);
  return text.slice(text.indexOf('_') + 1).toUpperCase();
}
