import type { AnyTx } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import { firstOfMonth } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  type Assessment,
  assess,
  factsOfAccount,
  looksAtBalances,
  openDays,
  periodOfEvent,
} from './account-fee.ts';
import { type BalanceFacts, loadBalanceFacts } from './facts.ts';
import type { Fee, FeeEvent } from './fee.ts';
import { countEvents, countKey } from './repository.ts';
import { loadPricedAccounts, type PricedAccount, type Schedule } from './schedule.ts';

/** Something that may cost a fee. */
export type FeeQuestion = {
  readonly accountId: AccountId;
  readonly event: FeeEvent;
  readonly paymentType?: string | undefined;
  readonly amountMinor?: bigint | undefined;
};

/** What an event costs an account, and its number among those of its fee and month. */
export type AssessedEvent = {
  readonly schedule: Schedule;
  readonly assessment: Assessment;
  readonly eventNumber: number;
};

type Known = {
  readonly accounts: ReadonlyMap<AccountId, PricedAccount>;
  readonly balances: ReadonlyMap<AccountId, BalanceFacts>;
  readonly counts: Map<string, number>;
};

/** What events of a date cost by the terms of their accounts. Exact while the accounts are locked. */
export class Pricing {
  readonly date: IsoDate;
  readonly #known: Known;

  private constructor(date: IsoDate, known: Known) {
    this.date = date;
    this.#known = known;
  }

  /** Loads what is needed to price events, and the other accounts that have a say. */
  static async load(
    tx: AnyTx,
    bookId: number,
    events: readonly Pick<FeeQuestion, 'accountId' | 'event'>[],
    { date, others = [] }: { readonly date: IsoDate; readonly others?: readonly AccountId[] },
  ): Promise<Pricing> {
    const ids = events.map(({ accountId }) => accountId);
    const accounts = await loadPricedAccounts(tx, bookId, [...ids, ...others], date);
    const wanted = events.flatMap((event) =>
      feesFor(accounts, event).map((fee) => ({ accountId: event.accountId, code: fee.code, fee })),
    );
    const distinct = [...new Map(wanted.map((one) => [countKey(one.accountId, one.code), one])).values()];
    const asking = distinct.filter(({ fee }) => looksAtBalances(fee)).map(({ accountId }) => accountId);
    const questions = [...new Set(asking)].flatMap((accountId) => {
      const account = accounts.get(accountId);
      const days = account && openDays(periodOfEvent(date), account.openedOn);
      return days === undefined ? [] : [{ accountId, ...days }];
    });
    const [counts, balances] = await Promise.all([
      countEvents(tx, bookId, firstOfMonth(date), distinct),
      loadBalanceFacts(tx, bookId, questions),
    ]);
    return new Pricing(date, { accounts, balances, counts });
  }

  get accounts(): ReadonlyMap<AccountId, PricedAccount> {
    return this.#known.accounts;
  }

  /** Whether the terms of the account have a fee for the event. */
  has(event: Pick<FeeQuestion, 'accountId' | 'event'>): boolean {
    return feesFor(this.#known.accounts, event).length > 0;
  }

  /** What an event costs, after those that were counted. */
  assess(question: FeeQuestion): AssessedEvent[] {
    const { accounts, balances, counts } = this.#known;
    const account = accounts.get(question.accountId);
    if (account?.schedule === undefined) return [];
    const { schedule } = account;
    const { paymentType, amountMinor } = question;
    return feesFor(accounts, question).flatMap((fee): AssessedEvent[] => {
      const earlierThisMonth = counts.get(countKey(account.id, fee.code)) ?? 0;
      const assessment = assess(fee, {
        ...(paymentType === undefined ? {} : { paymentType }),
        ...(amountMinor === undefined ? {} : { amountMinor }),
        earlierThisMonth,
        ...factsOfAccount(account, this.date),
        ...balances.get(account.id),
      });
      return assessment === undefined ? [] : [{ schedule, assessment, eventNumber: earlierThisMonth + 1 }];
    });
  }

  /** Counts an event that happened. */
  count(accountId: AccountId, { assessment, eventNumber }: AssessedEvent): void {
    this.#known.counts.set(countKey(accountId, assessment.fee.code), eventNumber);
  }
}

function feesFor(
  accounts: Known['accounts'],
  { accountId, event }: Pick<FeeQuestion, 'accountId' | 'event'>,
): readonly Fee[] {
  const fees = accounts.get(accountId)?.schedule?.fees ?? [];
  return fees.filter((fee) => fee.event === event);
}
