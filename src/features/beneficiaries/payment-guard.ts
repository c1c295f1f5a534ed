import { uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { EntryDraft, Guard } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { GuardSource } from '#ledger/guard.ts';
import { assert } from '#lib/assert.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { BeneficiaryId, TransactionId } from '#lib/ids.ts';
import { type Currency, currencyDecimals } from '#lib/money/currencies.ts';
import { type Clock, toIsoInstant } from '#lib/time/clock.ts';
import { KEY } from './account-columns.ts';
import { statusAt } from './beneficiary.ts';
import { coolingOff, dayLimitExceeded } from './errors.ts';

/** An entry on its way into the books that pays a beneficiary. */
export type BeneficiaryPayment = { readonly entryId: TransactionId; readonly beneficiaryId: BeneficiaryId };

const LOCK = `
  select b.beneficiary_id as "id", b.currency, b.limit_per_day_minor as "limitPerDayMinor",
    b.usable_from as "usableFrom", k.beneficiary_cooling_off_limit_major as "coolingOffLimitMajor"
  from beneficiaries b
  join books k on k.book_id = b.book_id
  where b.book_id = $1 and b.beneficiary_id = any($2::uuid[])
  order by b.beneficiary_id
  for no key update of b`;

// Within the cooling-off period counts what was paid in it, and in as long a time before it: a payee that is deleted
// and added again is not a new one. Otherwise the business date bounds what is read.
const PAID = `
  select b.beneficiary_id as "id", p.currency,
    coalesce(sum(p.amount_minor - coalesce(taken_back.minor, 0)) filter (where p.business_date = k.business_date), 0)::text as "todayMinor",
    coalesce(sum(p.amount_minor - coalesce(taken_back.minor, 0)) filter (
      where p.paid_at > b.created_at - (b.usable_from - b.created_at)), 0)::text as "newMinor"
  from beneficiaries b
  join books k on k.book_id = b.book_id
  join beneficiary_payments p on p.book_id = b.book_id and p.customer_id = b.customer_id and p.iban = ${KEY}
    and p.business_date >= case when b.usable_from > $3 then '-infinity'::date else k.business_date end
  left join lateral (
    select sum(rp.amount_minor) as minor
    from journal_entries r
    join postings rp on rp.book_id = $1 and rp.entry_id = r.entry_id
    where r.book_id = $1 and r.reverses_entry_id = p.transaction_id
  ) as taken_back on true
  where b.book_id = $1 and b.beneficiary_id = any($2::uuid[])
  group by b.beneficiary_id, p.currency`;

type LockedRow = {
  readonly id: BeneficiaryId;
  readonly currency: Currency | null;
  readonly limitPerDayMinor: bigint | null;
  readonly usableFrom: Date;
  readonly coolingOffLimitMajor: bigint;
};

type Paid = { readonly todayMinor: bigint; readonly newMinor: bigint };
/** Sums come as text, since they may exceed a bigint. */
type PaidRow = {
  readonly id: BeneficiaryId;
  readonly currency: Currency;
  readonly todayMinor: string;
  readonly newMinor: string;
};

const NOTHING: Paid = { todayMinor: 0n, newMinor: 0n };

/**
 * Holds payments to the limits of their beneficiaries. Locks the beneficiaries, by ascending id: what was paid to one
 * is judged by one transaction at a time, from whichever account and by whichever process it is paid.
 */
export class BeneficiaryGuard implements GuardSource {
  readonly #tx: AnyTx;
  readonly #context: { readonly bookId: number; readonly clock: Clock };
  readonly #beneficiaryOf: ReadonlyMap<TransactionId, BeneficiaryId>;
  readonly #locked = new Map<BeneficiaryId, LockedRow>();
  readonly #paid = new Map<string, Paid>();

  constructor(
    tx: AnyTx,
    context: { readonly bookId: number; readonly clock: Clock },
    payments: readonly BeneficiaryPayment[],
  ) {
    this.#tx = tx;
    this.#context = context;
    this.#beneficiaryOf = new Map(payments.map(({ entryId, beneficiaryId }) => [entryId, beneficiaryId]));
  }

  async lock(): Promise<void> {
    const { rows } = await run<LockedRow>(this.#tx, LOCK, [this.#context.bookId, this.#ids()]);
    for (const row of rows) this.#locked.set(row.id, row);
  }

  async load(): Promise<Guard> {
    const nowMs = this.#context.clock.nowMs();
    const values = [this.#context.bookId, this.#ids(), toIsoInstant(nowMs)];
    const { rows } = await run<PaidRow>(this.#tx, PAID, values);
    for (const { id, currency, todayMinor, newMinor } of rows) {
      this.#paid.set(id + currency, { todayMinor: BigInt(todayMinor), newMinor: BigInt(newMinor) });
    }
    return (draft) => this.#judge(draft, nowMs);
  }

  /** Whether an entry pays a beneficiary in its cooling-off period; once they are locked. */
  paysNew({ entryId }: EntryDraft): boolean {
    const id = this.#beneficiaryOf.get(entryId);
    const beneficiary = id && this.#locked.get(id);
    if (beneficiary === undefined) return false;
    const usableFromMs = beneficiary.usableFrom.getTime();
    return statusAt({ usableFromMs }, this.#context.clock.nowMs()) === 'cooling_off';
  }

  #ids(): Buffer {
    return uuidArray([...new Set(this.#beneficiaryOf.values())]);
  }

  /**
   * 404 `not_found` for one that was deleted in the meantime, 422 `currency_mismatch`, `beneficiary_cooling_off` or
   * `limit_exceeded`. An amount that is exactly what is left passes.
   */
  #judge({ entryId, postings }: EntryDraft, nowMs: number): FlorinError | undefined {
    const id = this.#beneficiaryOf.get(entryId);
    if (id === undefined) return undefined;
    const beneficiary = this.#locked.get(id);
    if (beneficiary === undefined) return notFound();
    const [posting] = postings;
    assert(posting !== undefined, 'an entry has at least one posting');
    const { amountMinor, currency } = posting;
    if (beneficiary.currency !== null && beneficiary.currency !== currency) {
      return ledgerError('currency_mismatch');
    }
    const { todayMinor, newMinor } = this.#paid.get(id + currency) ?? NOTHING;
    const usableFromMs = beneficiary.usableFrom.getTime();
    if (statusAt({ usableFromMs }, nowMs) === 'cooling_off') {
      const limitMinor = beneficiary.coolingOffLimitMajor * 10n ** BigInt(currencyDecimals(currency));
      const limit = { amountMinor: limitMinor, currency };
      if (newMinor + amountMinor > limitMinor) return coolingOff(limit, limitMinor - newMinor, usableFromMs);
    }
    const limitMinor = beneficiary.limitPerDayMinor;
    if (limitMinor !== null && todayMinor + amountMinor > limitMinor) {
      return dayLimitExceeded({ amountMinor: limitMinor, currency }, limitMinor - todayMinor);
    }
    this.#paid.set(id + currency, {
      todayMinor: todayMinor + amountMinor,
      newMinor: newMinor + amountMinor,
    });
    return undefined;
  }
}
