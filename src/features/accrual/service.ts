import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { accountFor, assertAccess, lockAccountRow } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import {
  type AccrualState,
  type InterestSegment,
  type RatesByDate,
  startAccrual,
} from '#features/interest/contract.ts';
import { followCalendar, holdBook } from '#ledger/business-date.ts';
import { openDateOf } from '#ledger/closed-periods.ts';
import { lockLedgerAccount } from '#ledger/customer-accounts.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { InterestBooking } from './booking.ts';
import { type Counted, countThrough, findRates, firstDayOf, loadRates } from './count.ts';
import { explain } from './explain.ts';
import { loadBalances } from './lines.ts';
import { findInterestAccounts, listPostings, productKey, type StoredPosting } from './repository.ts';
import { stateOf } from './state-text.ts';

/** A year, and a month to compare. Each day costs a segment at most. */
const MAX_DAYS = 400;

/** Why an account has the interest that it has. */
export type InterestExplanation = {
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly from: IsoDate;
  readonly to: IsoDate;
  /** Undefined where nothing was counted yet. */
  readonly accruedThrough: IsoDate | undefined;
  readonly segments: readonly InterestSegment[];
  readonly postings: readonly StoredPosting[];
  readonly state: AccrualState | undefined;
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
};

/** The interest of accounts: why it is what it is, and posting it before its day. */
export class InterestService {
  readonly #context: Context;
  readonly #booking: InterestBooking;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#booking = new InterestBooking(context, internalAccounts);
  }

  /**
   * The rates of an account of a product that is opened on a date, for days that may lie ahead: reference rates stay as they
   * are known. Throws 404 `not_found` for a product without interest, 400 `validation_failed` for days before it had any,
   * and 422 `reference_rate_missing`.
   */
  async ratesOf(
    { code, currency }: { readonly code: string; readonly currency: Currency },
    {
      from,
      openedOn,
      ratesUntil,
    }: { readonly from: IsoDate; readonly openedOn: IsoDate; readonly ratesUntil: IsoDate },
  ): Promise<RatesByDate> {
    const { db, bookId } = this.#context;
    const products = await loadRates(db, bookId, ratesUntil);
    const found = products.get(productKey(code, currency))?.of(openedOn);
    if (found === undefined) throw notFound();
    if (from < found.from) {
      throw validationFailed({
        path: 'from',
        message: `must not be before ${found.from}, when the product has its first terms of interest`,
      });
    }
    return found.rates;
  }

  /**
   * Explains the interest of an account for days that were counted: by default those since its last posting. Throws 400
   * `validation_failed` for a range that is longer than 400 days, and 404 `not_found`.
   */
  async explain(
    caller: Caller,
    accountId: AccountId,
    range: { readonly from?: IsoDate | undefined; readonly to?: IsoDate | undefined },
  ): Promise<InterestExplanation> {
    const { db, bookId, clock } = this.#context;
    const { currency } = await accountFor(db, bookId, { caller, accountId }, 'see');
    const today = await followCalendar(db, bookId, clock);
    return inTransaction(db, (tx) => this.#explain(tx, { accountId, currency, today }, range), {
      readOnlySnapshot: true,
    });
  }

  async #explain(
    tx: Tx,
    {
      accountId,
      currency,
      today,
    }: { readonly accountId: AccountId; readonly currency: Currency; readonly today: IsoDate },
    range: { readonly from?: IsoDate | undefined; readonly to?: IsoDate | undefined },
  ): Promise<InterestExplanation> {
    const { bookId } = this.#context;
    const rates = await loadRates(tx, bookId, today);
    const [account] = await findInterestAccounts(tx, bookId, [accountId], today);
    const found = account && findRates(rates, account)?.rates;
    const position = account?.position;
    const to = range.to ?? position?.accruedThrough ?? today;
    const from =
      range.from ?? (position !== undefined && position.periodFrom <= to ? position.periodFrom : to);
    if (from > to) throw validationFailed({ path: 'to', message: 'must not be before from' });
    if (daysBetween(from, to) >= MAX_DAYS) {
      throw validationFailed({ path: 'from', message: `must be within ${MAX_DAYS} days of to` });
    }
    const nothing = {
      segments: [],
      postings: [],
      state: undefined,
      creditMinor: 0n,
      debitMinor: 0n,
    } as const;
    const shown = { accountId, currency, from, to };
    if (account === undefined || found === undefined || position === undefined) {
      return { ...shown, ...nothing, accruedThrough: undefined };
    }
    const { openedOn, seq, balanceMinor } = account;
    const first = laterOf(firstDayOf(found, openedOn, from), laterOf(openedOn, found.from));
    const [through = to] = [to, position.accruedThrough].toSorted();
    const wanted = { id: accountId, from: first, upTo: seq, balanceMinor };
    const posted = await listPostings(tx, bookId, [accountId], first);
    const days = {
      rates: found.rates,
      openedOn,
      from: first,
      through,
      balances: (await loadBalances(tx, bookId, [wanted])).get(accountId) ?? [],
      limits: position.limits,
      posted,
    };
    return {
      ...shown,
      accruedThrough: position.accruedThrough,
      segments: explain(days, from),
      postings: posted.filter((one) => one.to >= from && one.to <= to),
      state: stateOf(position.state, found.rates),
      creditMinor: position.creditMinor,
      debitMinor: position.debitMinor,
    };
  }

  /**
   * Posts what an account has earned and owes through yesterday, before the day of its terms: it is to be closed. Nothing
   * happens where there is nothing. Throws 404 `not_found`.
   */
  async post(caller: Caller, accountId: AccountId): Promise<InterestExplanation> {
    const { db, bookId, clock } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId }], 'close');
    await followCalendar(db, bookId, clock);
    await inTransaction(db, async (tx) => {
      if (!(await lockAccountRow(tx, bookId, accountId))) throw notFound();
      if (!(await this.postLast(tx, accountId))) return;
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'postAccountInterest',
        resourceType: 'account',
        resourceId: toTypeId('account', accountId),
      });
    });
    return afterCommit(() => this.explain(caller, accountId, {}));
  }

  /** Posts what an account has earned and owes through yesterday; false for nothing. The account's row is locked. */
  async postLast(tx: Tx, accountId: AccountId): Promise<boolean> {
    const counted = await this.#countLast(tx, accountId);
    if (counted === undefined || counted.postings.length === 0) return false;
    await this.#booking.book(tx, [counted]);
    return true;
  }

  /**
   * Whether an account has earned or owes something that is not posted, before it is closed. What rounds to nothing is
   * dropped. The account's row is locked.
   */
  async endsWithInterest(tx: Tx, accountId: AccountId): Promise<boolean> {
    const counted = await this.#countLast(tx, accountId);
    if (counted === undefined) return false;
    if (counted.postings.length > 0) return true;
    const { position } = counted;
    const { openedOn, nextOn } = position.state;
    const ended = { ...position, state: startAccrual(openedOn, nextOn), creditMinor: 0n, debitMinor: 0n };
    await this.#booking.book(tx, [{ ...counted, position: ended }]);
    return false;
  }

  /** What an account comes to through the day before the business date, all of it to be posted. */
  async #countLast(tx: Tx, accountId: AccountId): Promise<Counted | undefined> {
    const { bookId } = this.#context;
    const book = await holdBook(tx, bookId);
    const yesterday = addDays(book.businessDate, -1);
    await lockLedgerAccount(tx, bookId, accountId);
    const [found] = await findInterestAccounts(tx, bookId, [accountId], yesterday);
    // The end of today may have counted the account already.
    const date = laterOf(yesterday, found?.position?.accruedThrough ?? yesterday);
    const accounts = date === yesterday ? [found] : await findInterestAccounts(tx, bookId, [accountId], date);
    const rates = await loadRates(tx, bookId, date);
    const open = accounts.filter((account) => account !== undefined);
    const [counted] = await countThrough(tx, this.#context, open, {
      date,
      rates,
      openFrom: openDateOf(book),
      isLast: true,
    });
    return counted;
  }
}
