import { uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import { rolesThatOwn } from '#features/accounts/contract.ts';
import type { EntryDraft, Guard } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { GuardSource } from '#ledger/guard.ts';
import { assert } from '#lib/assert.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { AccountId, BeneficiaryId, TransactionId } from '#lib/ids.ts';
import { type Currency, currencyDecimals } from '#lib/money/currencies.ts';
import { type Clock, toIsoInstant } from '#lib/time/clock.ts';
import { KEY, KEY_OF_ACCOUNT } from './account-columns.ts';
import { statusAt } from './beneficiary.ts';
import { coolingOff, dayLimitExceeded } from './errors.ts';
import { type FoundPayee, keepFoundPayees } from './found-payees.ts';

/** An entry on its way into the books that pays a beneficiary. */
export type BeneficiaryPayment = { readonly entryId: TransactionId; readonly beneficiaryId: BeneficiaryId };

/** An entry that pays an account of this bank: its payer may have saved the payee, and nobody has looked. */
export type PossiblePayment = {
  readonly entryId: TransactionId;
  readonly accountId: AccountId;
  readonly toAccountId: AccountId;
  readonly currency: Currency;
};

/** More than any account has. */
const MAX_HOLDERS = 1_000;

const LOCKED = `b.beneficiary_id as "id", b.customer_id as "customerId", ${KEY} as "payee", b.currency,
    b.limit_per_day_minor as "limitPerDayMinor", b.usable_from as "usableFrom",
    k.beneficiary_cooling_off_limit_major as "coolingOffLimitMajor"`;

const LOCK = `
  select ${LOCKED}, '{}'::uuid[] as "entryIds"
  from beneficiaries b
  join books k on k.book_id = b.book_id
  where b.book_id = $1 and b.beneficiary_id = any($2::uuid[])
  order by b.beneficiary_id
  for no key update of b`;

/**
 * The same, and those that payers have saved among the accounts that entries pay, in one order. Row by row, as
 * `foundRows` of `db/bulk-rows.ts`: no plan reads a table for it, whatever is known of the tables. The order of a single
 * account says to the planner which index has it.
 */
const FIND_AND_LOCK = `
  select ${LOCKED}, wanted.entry_ids as "entryIds"
  from (
    select beneficiary_id, array_agg(entry_id) filter (where entry_id is not null) as entry_ids
    from (
      select known.id as beneficiary_id, null::uuid as entry_id from unnest($2::uuid[]) as known (id)
      union all
      select saved.beneficiary_id, w.entry_id
      from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) as w (entry_id, account_id, to_account_id, currency)
      join books k on k.book_id = $1
      cross join lateral (
        select iban, number from accounts
        where book_id = $1 and account_id between w.to_account_id and w.to_account_id
        order by account_id limit 1
      ) as p
      cross join lateral (
        select customer_id from account_holders
        where book_id = $1 and account_id = w.account_id and role = any($7::text[]) limit ${MAX_HOLDERS}
      ) as h
      cross join lateral (
        select b.beneficiary_id from beneficiaries b
        where b.book_id = $1 and b.customer_id = h.customer_id and ${KEY} = ${KEY_OF_ACCOUNT}
          and coalesce(b.currency, w.currency) = w.currency limit 1
      ) as saved
    ) as named
    group by beneficiary_id order by beneficiary_id
  ) as wanted
  cross join lateral (
    select * from beneficiaries where book_id = $1 and beneficiary_id = wanted.beneficiary_id limit 1
    for no key update
  ) as b
  join books k on k.book_id = $1`;

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

type LockedRow = FoundPayee & {
  readonly id: BeneficiaryId;
  /** Those that nobody knew to pay it. */
  readonly entryIds: readonly TransactionId[] | null;
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
 *
 * Entries that only possibly pay a beneficiary are looked up in the statement that locks: it goes with the others, and
 * costs no round trip. Nobody says for which holder they are: those count whose account it is, and of several the newest.
 */
export class BeneficiaryGuard implements GuardSource {
  readonly #tx: AnyTx;
  readonly #context: { readonly bookId: number; readonly clock: Clock };
  readonly #known: readonly BeneficiaryPayment[];
  readonly #possible: readonly PossiblePayment[];
  #beneficiaryOf = new Map<TransactionId, BeneficiaryId>();
  readonly #locked = new Map<BeneficiaryId, LockedRow>();
  readonly #paid = new Map<string, Paid>();

  constructor(
    tx: AnyTx,
    context: { readonly bookId: number; readonly clock: Clock },
    {
      known,
      possible,
    }: { readonly known: readonly BeneficiaryPayment[]; readonly possible: readonly PossiblePayment[] },
  ) {
    this.#tx = tx;
    this.#context = context;
    this.#known = known;
    this.#possible = possible;
    this.#beneficiaryOf = new Map(known.map(({ entryId, beneficiaryId }) => [entryId, beneficiaryId]));
  }

  async lock(): Promise<void> {
    const { rows } = await this.#sendLock();
    for (const row of rows) this.#locked.set(row.id, row);
    const found = new Map<TransactionId, LockedRow>();
    for (const row of rows) {
      for (const entryId of row.entryIds ?? []) {
        const other = found.get(entryId);
        if (other === undefined || other.usableFrom < row.usableFrom) found.set(entryId, row);
      }
    }
    for (const [entryId, { id }] of found) this.#beneficiaryOf.set(entryId, id);
    keepFoundPayees(this.#tx, found);
  }

  async load(): Promise<Guard> {
    const nowMs = this.#context.clock.nowMs();
    await this.#loadPaid(this.#known.map(({ beneficiaryId }) => beneficiaryId));
    return (draft) => this.#judge(draft, nowMs);
  }

  /** What was paid to those that were found when they were locked: one round trip more, and none without them. */
  async loadFound(): Promise<void> {
    const known = new Set(this.#known.map(({ beneficiaryId }) => beneficiaryId));
    await this.#loadPaid([...this.#beneficiaryOf.values()].filter((id) => !known.has(id)));
  }

  async #loadPaid(ids: readonly BeneficiaryId[]): Promise<void> {
    if (ids.length === 0) return;
    const { bookId, clock } = this.#context;
    const values = [bookId, uuidArray([...new Set(ids)]), toIsoInstant(clock.nowMs())];
    const { rows } = await run<PaidRow>(this.#tx, PAID, values);
    for (const { id, currency, todayMinor, newMinor } of rows) {
      this.#paid.set(id + currency, { todayMinor: BigInt(todayMinor), newMinor: BigInt(newMinor) });
    }
  }

  #sendLock(): Promise<{ readonly rows: readonly LockedRow[] }> {
    const { bookId } = this.#context;
    const known = uuidArray([...new Set(this.#known.map(({ beneficiaryId }) => beneficiaryId))]);
    const possible = this.#possible;
    if (possible.length === 0) return run<LockedRow>(this.#tx, LOCK, [bookId, known]);
    return run<LockedRow>(this.#tx, FIND_AND_LOCK, [
      bookId,
      known,
      uuidArray(possible.map(({ entryId }) => entryId)),
      uuidArray(possible.map(({ accountId }) => accountId)),
      uuidArray(possible.map(({ toAccountId }) => toAccountId)),
      possible.map(({ currency }) => currency),
      rolesThatOwn(),
    ]);
  }

  /** Whether an entry pays a beneficiary in its cooling-off period; once they are locked. */
  paysNew({ entryId }: EntryDraft): boolean {
    const id = this.#beneficiaryOf.get(entryId);
    const beneficiary = id && this.#locked.get(id);
    if (beneficiary === undefined) return false;
    const usableFromMs = beneficiary.usableFrom.getTime();
    return statusAt({ usableFromMs }, this.#context.clock.nowMs()) === 'cooling_off';
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
