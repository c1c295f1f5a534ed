import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import { accountFor } from '#features/accounts/contract.ts';
import { selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { validationFailed } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { selectHead } from './head.ts';
import type { StatementHead } from './statement.ts';

/** Whom a certificate is about, and when it was made. */
type CertificateHead = {
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly head: StatementHead;
  readonly madeAtMs: number;
};

/** Interest, taxes and fees that were booked on an account in a calendar year. Minor units. */
export type InterestCertificate = CertificateHead & {
  readonly year: number;
  readonly earnedMinor: bigint;
  readonly chargedMinor: bigint;
  readonly taxesMinor: bigint;
  readonly feesMinor: bigint;
  readonly feeTaxesMinor: bigint;
};

/** The balance of an account at the end of a date. Minor units. */
export type BalanceConfirmation = CertificateHead & { readonly asOf: IsoDate; readonly balanceMinor: bigint };

/** What a bank certifies about an account. */
export class CertificateService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Interest earned and charged, taxes withheld, and fees with the taxes on them, by business date in a year that has
   * begun: the last one that is over if none is given. Throws 404 `not_found` and 400 `validation_failed`.
   */
  async interest(
    caller: Caller,
    accountId: AccountId,
    wanted: number | undefined,
  ): Promise<InterestCertificate> {
    const { db, bookId, clock } = this.#context;
    const certificate = await this.#headFor(caller, accountId);
    const today = await followCalendar(db, bookId, clock);
    const thisYear = Number(today.slice(0, 4));
    const year = wanted ?? thisYear - 1;
    if (year > thisYear) {
      throw validationFailed({ path: 'year', message: 'must not be in the future' });
    }
    const range = {
      before: await selectSeqAsOf(db, bookId, accountId, { businessDate: isoDate(`${year - 1}-12-31`) }),
      last: await selectSeqAsOf(db, bookId, accountId, { businessDate: isoDate(`${year}-12-31`) }),
    };
    const interest = await selectInterest(db, bookId, accountId, range);
    return { ...certificate, year, ...interest, ...(await selectFees(db, bookId, accountId, range)) };
  }

  /** The balance at the end of a date; on the open date, as of now. Throws 404 `not_found`, 400 `validation_failed`. */
  async balance(
    caller: Caller,
    accountId: AccountId,
    wanted: IsoDate | undefined,
  ): Promise<BalanceConfirmation> {
    const { db, bookId, clock } = this.#context;
    const certificate = await this.#headFor(caller, accountId);
    if (wanted !== undefined) await requireCome(db, this.#context, { businessDate: wanted });
    const asOf = wanted ?? (await followCalendar(db, bookId, clock));
    const seq = await selectSeqAsOf(db, bookId, accountId, { businessDate: asOf });
    return { ...certificate, asOf, balanceMinor: await selectBalanceAt(db, bookId, accountId, seq) };
  }

  async #headFor(caller: Caller, accountId: AccountId): Promise<CertificateHead> {
    const { db, bookId, clock } = this.#context;
    const { currency } = await accountFor(db, bookId, { caller, accountId }, 'see');
    return { accountId, currency, head: await selectHead(db, bookId, accountId), madeAtMs: clock.nowMs() };
  }
}

type Range = { readonly before: bigint; readonly last: bigint };
type Sums = Pick<InterestCertificate, 'earnedMinor' | 'chargedMinor' | 'taxesMinor'>;
type FeeSums = Pick<InterestCertificate, 'feesMinor' | 'feeTaxesMinor'>;

/**
 * Interest that is earned comes from what the bank owes or spends, interest that is charged goes to what it is owed or
 * earns: so a correction is taken off the one that it corrects.
 */
async function selectInterest(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { before, last }: Range,
): Promise<Sums> {
  const side = (name: 'debit' | 'credit', other: 'debit' | 'credit') => sql`
    select e.kind, g.class in ('liability', 'expense') as is_earned,
      ${name === 'credit' ? sql`p.amount_minor` : sql`-p.amount_minor`} as signed_minor
    from postings p
    join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
    join ledger_accounts l on l.book_id = p.book_id and l.ledger_account_id = ${sql.ref(`p.${other}_account_id`)}
    join gl_accounts g on g.book_id = l.book_id and g.gl_code = l.gl_code
    where p.book_id = ${bookId} and ${sql.ref(`p.${name}_account_id`)} = ${accountId}
      and ${sql.ref(`p.${name}_seq`)} > ${before} and ${sql.ref(`p.${name}_seq`)} <= ${last}
      and e.kind in ('interest', 'penalty_interest', 'withholding_tax')`;
  const { rows } = await sql<Sums>`
    select
      coalesce(sum(signed_minor) filter (where kind <> 'withholding_tax' and is_earned), 0)::bigint as "earnedMinor",
      coalesce(-sum(signed_minor) filter (where kind <> 'withholding_tax' and not is_earned), 0)::bigint as "chargedMinor",
      coalesce(-sum(signed_minor) filter (where kind = 'withholding_tax'), 0)::bigint as "taxesMinor"
    from (${side('debit', 'credit')} union all ${side('credit', 'debit')}) as lines`.execute(db);
  return rows[0] ?? { earnedMinor: 0n, chargedMinor: 0n, taxesMinor: 0n };
}

/** Fees, and the taxes on them, less what was given back: they stand on lines of their own, and name their part. */
async function selectFees(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { before, last }: Range,
): Promise<FeeSums> {
  const side = (name: 'debit' | 'credit') => sql`
    select l.part, ${name === 'debit' ? sql`p.amount_minor` : sql`-p.amount_minor`} as signed_minor
    from postings p
    join fee_lines l on l.book_id = p.book_id and l.entry_id = p.entry_id and l.line = p.line
    where p.book_id = ${bookId} and ${sql.ref(`p.${name}_account_id`)} = ${accountId}
      and ${sql.ref(`p.${name}_seq`)} > ${before} and ${sql.ref(`p.${name}_seq`)} <= ${last}`;
  const { rows } = await sql<FeeSums>`
    select
      coalesce(sum(signed_minor) filter (where part = 'fee'), 0)::bigint as "feesMinor",
      coalesce(sum(signed_minor) filter (where part = 'tax'), 0)::bigint as "feeTaxesMinor"
    from (${side('debit')} union all ${side('credit')}) as lines`.execute(db);
  return rows[0] ?? { feesMinor: 0n, feeTaxesMinor: 0n };
}
