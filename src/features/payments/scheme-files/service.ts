import type { Context } from '#db/context.ts';
import { selectBank } from '#features/books/contract.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import { loadBasicText } from '#lib/basic-text.ts';
import { notFound } from '#lib/errors.ts';
import { type SubmissionId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
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
   * The payments of a submission in a currency as pacs.008: its only one if none is given. Message and payments have the
   * same ids whenever it is asked for, so that a scheme refuses what it has. Names and addresses are those of now, and
   * what came back is left out. Throws 404 `not_found`, 409 `nothing_to_submit`, 422 `submission_mixed`,
   * `bank_bic_missing` and `payment_not_writable`.
   */
  async pacs008(id: SubmissionId, wanted: Currency | undefined): Promise<string> {
    const { db, bookId } = this.#context;
    const submission = await findSubmission(db, bookId, id);
    if (submission === undefined) throw notFound();
    const { totals, createdAtMs } = submission;
    const currencies = totals.map(({ currency }) => currency);
    const currency = wanted ?? (currencies.length === 1 ? currencies[0] : undefined);
    if (currency === undefined) throw paymentError('submission_mixed', { currencies });
    const bank = await selectBank(db, bookId);
    if (bank.bic === null) throw paymentError('bank_bic_missing');
    const sentOn = dateAt(createdAtMs, bank.timeZone);
    const calendar = await loadCalendar(db, bookId, sentOn);
    const orders = await listOrders(db, bookId, id, currency);
    if (orders.length === 0) throw paymentError('nothing_to_submit');
    const file: PaymentFile = {
      messageId: messageIdOf(id, currency),
      createdAt: `${new Date(createdAtMs).toISOString().slice(0, 19)}Z`,
      settlesOn: calendar.onOrAfter(sentOn),
      bankBic: bank.bic,
      currency,
      orders,
    };
    const toText = await loadBasicText();
    return [...writePacs008(file, toText)].join('');
  }
}

/** The id of a submission and the currency in the 35 characters of a message's. */
function messageIdOf(id: SubmissionId, currency: Currency): string {
  const text = toTypeId('submission', id);
  return text.slice(text.indexOf('_') + 1).toUpperCase() + currency;
}
