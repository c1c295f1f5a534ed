import type { AnyTx } from '#db/session.ts';
import type { Charges } from '#ledger/charges.ts';
import type { EntryDraft, PostingDraft } from '#ledger/entry.ts';
import type { LedgerContext } from '#ledger/post.ts';
import type { TransactionId } from '#lib/ids.ts';
import { firstOfMonth } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { AccountFee } from './account-fee.ts';
import { type ChargeLine, chargeLines, feeRow } from './fee-row.ts';
import { otherAccounts, type PricedPayment, paymentTypeOf, type ReturnedPayment } from './payment.ts';
import { type AssessedEvent, Pricing } from './pricing.ts';
import {
  changeFees,
  type FeeChange,
  type FeeLine,
  type FeeOfPayment,
  givenBack,
  insertFees,
} from './repository.ts';

/** Why a fee of a payment is not due any more, or was given back. */
const PAYMENT_TAKEN_BACK = 'The payment was taken back.';

/** What of some entries may cost something, and what they may give back. */
export type PaymentsToPrice = {
  readonly businessDate: IsoDate;
  readonly payments: readonly PricedPayment[];
  readonly returned: readonly ReturnedPayment[];
  /** What the returned ones cost: locked before the accounts. */
  readonly locked: readonly FeeOfPayment[];
};

/**
 * What payments cost by the terms of the accounts that pay, and what is given back of it: to be judged and written with
 * them. Call it with the accounts locked: what is free in a month is then what it was, in whichever process. Undefined
 * where nothing costs anything.
 */
export async function openCharges(
  tx: AnyTx,
  context: LedgerContext,
  { businessDate, payments, returned, locked }: PaymentsToPrice,
): Promise<Charges | undefined> {
  const others = payments.flatMap(otherAccounts);
  const pricing = await Pricing.load(tx, context.bookId, payments, { date: businessDate, others });
  const priced = payments.filter((payment) => pricing.has(payment));
  if (priced.length === 0 && locked.length === 0) return undefined;
  const returnedFees = returned.map(
    ({ entryId, paymentId }) =>
      [entryId, locked.filter(({ paymentEntryId }) => paymentEntryId === paymentId)] as const,
  );
  return new FeeCharges(tx, context, {
    pricing,
    payments: new Map(priced.map((payment) => [payment.entryId, payment])),
    returned: new Map(returnedFees),
  });
}

type Known = {
  readonly pricing: Pricing;
  readonly payments: ReadonlyMap<TransactionId, PricedPayment>;
  readonly returned: ReadonlyMap<TransactionId, readonly FeeOfPayment[]>;
};

type PricedFee = { readonly event: AssessedEvent; readonly lines: readonly ChargeLine[] };

class FeeCharges implements Charges {
  readonly #tx: AnyTx;
  readonly #context: LedgerContext;
  readonly #known: Known;
  readonly #fees: AccountFee[] = [];
  readonly #lines: FeeLine[] = [];
  readonly #changes: FeeChange[] = [];
  /** Of the entry that was asked about last. */
  #priced: readonly PricedFee[] = [];

  constructor(tx: AnyTx, context: LedgerContext, known: Known) {
    this.#tx = tx;
    this.#context = context;
    this.#known = known;
  }

  linesFor(draft: EntryDraft): readonly (readonly PostingDraft[])[] {
    const returned = this.#known.returned.get(draft.entryId);
    if (returned !== undefined) return [returned.flatMap(givenBack)];
    this.#priced = draft.isFromEstate === true ? [] : this.#price(draft);
    const all = this.#priced.flatMap(({ lines }) => lines);
    const needed = this.#priced.filter(isNeeded).flatMap(({ lines }) => lines);
    const ways = needed.length < all.length ? [all, needed] : [all];
    return ways.map((lines) => lines.map(({ posting }) => posting));
  }

  note(draft: EntryDraft, way: number): void {
    const returned = this.#known.returned.get(draft.entryId);
    if (returned === undefined) this.#notePayment(draft, way);
    else this.#noteReturn(draft, returned);
  }

  async write(): Promise<void> {
    const { bookId, clock } = this.#context;
    await Promise.all([
      insertFees(this.#tx, bookId, this.#fees, this.#lines),
      changeFees(this.#tx, bookId, this.#changes, clock.nowMs()),
    ]);
  }

  #price(draft: EntryDraft): PricedFee[] {
    const { payments, pricing } = this.#known;
    const payment = payments.get(draft.entryId);
    if (payment === undefined) return [];
    const { accountId, event } = payment;
    const amountMinor = draft.postings[0]?.amountMinor;
    const paymentType = paymentTypeOf(payment, pricing.accounts);
    return pricing
      .assess({ accountId, event, paymentType, amountMinor })
      .map((one) => ({ event: one, lines: chargeLines(one.schedule, one.assessment, accountId) }));
  }

  #notePayment({ entryId, postings }: EntryDraft, way: number): void {
    const { payments, pricing } = this.#known;
    const payment = payments.get(entryId);
    if (payment === undefined) return;
    const { accountId } = payment;
    let line = postings.length;
    for (const priced of this.#priced) {
      const { schedule, assessment, eventNumber } = priced.event;
      pricing.count(accountId, priced.event);
      const isCharged = priced.lines.length > 0 && (way === 0 || isNeeded(priced));
      const row = feeRow(schedule, assessment, {
        accountId,
        businessDate: pricing.date,
        monthOn: firstOfMonth(pricing.date),
        eventNumber,
        dueOn: undefined,
        paymentEntryId: entryId,
        about: undefined,
        entryId: isCharged ? entryId : undefined,
      });
      this.#fees.push(row);
      if (!isCharged) continue;
      for (const { part } of priced.lines) {
        line += 1;
        this.#lines.push({ entryId, line, feeId: row.id, part });
      }
    }
  }

  #noteReturn({ entryId, actor, postings }: EntryDraft, fees: readonly FeeOfPayment[]): void {
    const decided = { decidedBy: actor, reason: PAYMENT_TAKEN_BACK };
    let line = postings.length;
    for (const { id, part } of fees) {
      if (part === null) {
        this.#changes.push({ id, from: 'due', to: 'waived', ...decided });
        continue;
      }
      if (part === 'fee') {
        this.#changes.push({ id, from: 'charged', to: 'refunded', refundEntryId: entryId, ...decided });
      }
      line += 1;
      this.#lines.push({ entryId, line, feeId: id, part });
    }
  }
}

/** Whether what it is for is refused where there is no money for it. */
function isNeeded({ event }: PricedFee): boolean {
  return event.assessment.fee.whenShort === 'refuse';
}
