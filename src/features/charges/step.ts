import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { addCounts, type ClosingDay, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import {
  assess,
  type Fee,
  type FeeEvent,
  factsOfAccount,
  loadBalanceFacts,
  loadPricedAccounts,
  looksAtBalances,
  openDays,
  type PricedAccount,
  periodOfDate,
} from '#features/fees/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { bookFees, type FeeToBook } from './booking.ts';
import { type DatedAccount, listDatedAccounts, listDatedProducts, listKnown } from './dated-repository.ts';
import { anniversaries, closedDays, monthEnds, openingDays } from './due-dates.ts';

/** Accounts per transaction: at the end of a month a third of a second. */
const CHUNK = 500;

/** Which accounts have fees of which events on a date. */
type DueOn = ReadonlyMap<IsoDate, ReadonlyMap<AccountId, readonly FeeEvent[]>>;

/**
 * The end-of-day step of fees of a date, by the terms of that day. Monthly ones and those of dormant accounts are due on the
 * last day of a month, yearly ones on the day on which the account was opened. Runs in chunks of ascending id. A unique
 * index refuses a fee for a date that has it.
 */
export function dateFeesStep(context: Context): EndOfDayStep {
  const { bookId } = context;
  return {
    name: 'date-fees',
    runChunk: async (tx, day, progress) => {
      const days = closedDays(day);
      const products = await listDatedProducts(tx, bookId);
      if (products.length === 0) return { ...progress, done: true };
      const accounts = await listDatedAccounts(tx, bookId, products, {
        after: progress.position as AccountId | undefined,
        openedOn: monthEnds(days).length > 0 ? undefined : openingDays(days),
        limit: CHUNK,
      });
      const last = accounts.at(-1)?.id;
      if (last === undefined) return { ...progress, done: true };
      const fees = await feesOf(tx, bookId, accounts, day);
      const booked = await bookFees(tx, context, fees);
      const count = (status: string): number => booked.filter(({ fee }) => fee.status === status).length;
      return {
        position: last,
        processed: progress.processed + accounts.length,
        counts: addCounts(progress.counts, {
          charged: count('charged'),
          due: count('due'),
          not_charged: count('not_charged'),
        }),
        done: false,
      };
    },
  };
}

async function feesOf(
  tx: Tx,
  bookId: number,
  accounts: readonly DatedAccount[],
  day: ClosingDay,
): Promise<FeeToBook[]> {
  const fees: FeeToBook[] = [];
  const known = await listKnown(
    tx,
    bookId,
    accounts.map(({ id }) => id),
    closedDays(day),
  );
  for (const [dueOn, events] of dueOf(accounts, day)) {
    const priced = await loadPricedAccounts(tx, bookId, events.keys(), dueOn);
    const due = [...priced.values()].flatMap((account) =>
      feesDue(account, events.get(account.id) ?? []).map((fee) => ({ account, fee })),
    );
    const fresh = due.filter(({ account, fee }) => !known.has(`${account.id} ${fee.code} ${dueOn}`));
    fees.push(...(await assessed(tx, bookId, fresh, { dueOn, businessDate: day.date })));
  }
  return fees;
}

/** The dates on which accounts have fees, ascending. */
function dueOf(accounts: readonly DatedAccount[], day: ClosingDay): DueOn {
  const days = closedDays(day);
  const due = new Map<IsoDate, Map<AccountId, FeeEvent[]>>();
  const add = (date: IsoDate, id: AccountId, ...events: FeeEvent[]): void => {
    due
      .getOrInsertComputed(date, () => new Map())
      .getOrInsertComputed(id, () => [])
      .push(...events);
  };
  for (const { id, openedOn, isDormant } of accounts) {
    for (const end of monthEnds(days)) {
      if (end >= openedOn) add(end, id, 'monthly', ...(isDormant ? (['dormancy'] as const) : []));
    }
    for (const date of anniversaries(openedOn, days)) add(date, id, 'yearly');
  }
  return new Map([...due].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function feesDue({ schedule }: PricedAccount, events: readonly FeeEvent[]): Fee[] {
  return (schedule?.fees ?? []).filter(({ event }) => events.includes(event));
}

type Due = { readonly account: PricedAccount; readonly fee: Fee };

async function assessed(
  tx: Tx,
  bookId: number,
  due: readonly Due[],
  { dueOn, businessDate }: { readonly dueOn: IsoDate; readonly businessDate: IsoDate },
): Promise<FeeToBook[]> {
  const fees: FeeToBook[] = [];
  for (const [event, group] of Map.groupBy(due, ({ fee }) => fee.event)) {
    const asking = new Map(
      group.filter(({ fee }) => looksAtBalances(fee)).map(({ account }) => [account.id, account]),
    );
    const questions = [...asking.values()].flatMap(({ id: accountId, openedOn }) => {
      const days = openDays(periodOfDate(event, dueOn), openedOn);
      return days === undefined ? [] : [{ accountId, ...days }];
    });
    const balances = await loadBalanceFacts(tx, bookId, questions);
    for (const { account, fee } of group) {
      const facts = { ...factsOfAccount(account, dueOn), ...balances.get(account.id) };
      const assessment = assess(fee, facts);
      if (assessment === undefined || account.schedule === undefined) continue;
      const arisen = { accountId: account.id, businessDate, dueOn, about: undefined };
      const noEvent = { monthOn: undefined, eventNumber: undefined };
      fees.push({ schedule: account.schedule, assessment, arisen: { ...arisen, ...noEvent } });
    }
  }
  return fees;
}
