import type { SqlSession } from '#db/session.ts';
import type { FlightCharges, OpenFlightCharges } from '#ledger/flight-charges.ts';
import type { Verdict } from '#ledger/flight-plan.ts';
import type { PostingRequest } from '#ledger/waiting.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Fee } from './fee.ts';
import type { PricedPayment } from './payment.ts';
import { JudgedProducts, RememberedTerms, type TermsAsRead } from './remembered-terms.ts';

/**
 * Which payments may fly in a book with fees: those for which the terms of their account have no fee. One that has a fee,
 * though it may be free this time, is counted under locks.
 */
export class FlightFees<Row> implements FlightCharges<Row> {
  readonly #bookId: number;
  readonly #paymentOf: (request: PostingRequest<Row>) => PricedPayment | undefined;
  readonly #remembered: RememberedTerms;

  /** `paymentOf`: the payment that a request is, if it is one. */
  constructor(bookId: number, paymentOf: (request: PostingRequest<Row>) => PricedPayment | undefined) {
    this.#bookId = bookId;
    this.#paymentOf = paymentOf;
    this.#remembered = new RememberedTerms(bookId);
  }

  judge(request: PostingRequest<Row>, businessDate: IsoDate): Verdict {
    return this.#judge(request, businessDate, () => undefined);
  }

  read(session: SqlSession, accountIds: ReadonlySet<AccountId>, businessDate: IsoDate): Promise<void> {
    return this.#remembered.read(session, accountIds, businessDate);
  }

  open(businessDate: IsoDate): OpenFlightCharges<Row> {
    const judged = new JudgedProducts();
    return {
      judge: (request) => this.#judge(request, businessDate, (terms) => judged.note(terms)),
      confirm: (flight) => judged.confirm(flight, this.#bookId),
      forget: () => judged.forgetIn(this.#remembered),
    };
  }

  #judge(request: PostingRequest<Row>, businessDate: IsoDate, note: (terms: TermsAsRead) => void): Verdict {
    const payment = this.#paymentOf(request);
    if (payment === undefined) return 'taken';
    const terms = this.#remembered.of(payment.accountId, businessDate);
    if (terms === undefined) return 'unknown account';
    if (terms.fees.some((fee) => isFor(fee, payment))) return 'needs locks';
    note(terms);
    return 'taken';
  }
}

/** Whether a fee may be for a payment. Of whom an account is may change, so nothing is decided by that here. */
function isFor({ event, paymentTypes }: Fee, payment: PricedPayment): boolean {
  if (event !== payment.event) return false;
  return payment.event !== 'withdrawal' || paymentTypes.length === 0 || paymentTypes.includes(payment.mode);
}
