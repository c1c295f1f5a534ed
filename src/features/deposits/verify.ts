import type { Db } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { NOTHING_POSTED, sumPostedInterest } from '#features/accrual/contract.ts';
import {
  atRate,
  chartRate,
  type DepositTerms,
  depositAtMaturity,
  rateAfterMissed,
  withRatesFrom,
} from '#features/interest/contract.ts';
import type { LawResult } from '#ledger/verify.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { closureOf, figuresOf } from './closure.ts';
import { afterEvent, type DepositEvent, type Standing } from './event.ts';
import { eventsOf } from './event-repository.ts';
import { flowsOf, missedDays } from './instalments.ts';
import { listAllDeposits, type StoredDeposit } from './repository.ts';
import { loadTerms } from './terms.ts';

export const DEPOSIT_LAW = 'every deposit is what its events and its terms make it';

/** Deposits per page. */
const PAGE = 500;
/** A hundred million deposits: more pages than this mean an endless loop. */
const MAX_PAGES = 200_000;

type Fault = { readonly accountId: AccountId; readonly what: string };

/** The law that every deposit follows from its events and terms, on one snapshot of the books while they are in use. */
export async function verifyDeposits(db: Db, bookId: number): Promise<LawResult> {
  const found = await inTransaction(db, (tx) => findFault(tx, bookId), { readOnlySnapshot: true });
  return { name: DEPOSIT_LAW, brokenBy: found === undefined ? undefined : JSON.stringify(found) };
}

async function findFault(db: Db, bookId: number): Promise<Fault | undefined> {
  let after: AccountId | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const deposits = await listAllDeposits(db, bookId, { after, limit: PAGE });
    const [first, last] = [deposits[0], deposits.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const terms = await loadTerms(db, bookId, deposits);
    const events = await eventsOf(db, bookId, first.id, last.id);
    const posted = await sumPostedInterest(db, bookId, deposits);
    for (const deposit of deposits) {
      const told = { events: events.get(deposit.id) ?? [], posted: posted.get(deposit.id) ?? NOTHING_POSTED };
      const what = faultOf(deposit, terms.of(deposit), told);
      if (what !== undefined) return { accountId: deposit.id, what };
    }
    after = last.id;
  }
  assert(false, 'the pages of deposits end');
}

type Told = { readonly events: readonly DepositEvent[]; readonly posted: typeof NOTHING_POSTED };

function faultOf(deposit: StoredDeposit, terms: DepositTerms, { events, posted }: Told): string | undefined {
  if (!isSame(standingOf(deposit), fold(deposit, events))) return 'its row does not follow from its events';
  const { plan } = deposit;
  if (chartRate(terms.chart, deposit.term, plan?.amountMinor ?? deposit.principalMinor) !== deposit.ratePpm) {
    return 'its rate is not that of the chart';
  }
  if (events.some(({ kind }) => kind === 'closed_early'))
    return closureFault(deposit, terms, { events, posted });
  // What waits on the account earns for its days, which is not in the contract.
  const hasWaited = deposit.paysInterestOut && events.some(({ kind }) => kind === 'waiting');
  if (deposit.status === 'active' || hasWaited) return undefined;
  const earned = depositAtMaturity({
    ...deposit,
    flows: flowsOf(events),
    terms: withRatesFrom(atRate(terms.interest, deposit.ratePpm), ratesAfterMissed(deposit, terms, events)),
  });
  // Without the tax of an exemption more of the interest earns.
  const taxMinor = posted.tax.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  if (taxMinor !== earned.taxMinor) return undefined;
  return earned.interestMinor === posted.creditMinor
    ? undefined
    : `it should have earned ${earned.interestMinor}`;
}

/** The rates that missed instalments left, from which days on. */
function ratesAfterMissed(
  { ratePpm }: StoredDeposit,
  { instalments: { missedRateCutPpm: cutPpm } }: DepositTerms,
  events: readonly DepositEvent[],
) {
  if (cutPpm === 0n) return [];
  return missedDays(events).map((from, index) => ({
    from,
    ratePpm: rateAfterMissed(ratePpm, cutPpm, index + 1),
  }));
}

/** Whether what closing came to follows from what was posted before it. */
function closureFault(
  deposit: StoredDeposit,
  terms: DepositTerms,
  { events, posted }: Told,
): string | undefined {
  const event = events.find(({ kind }) => kind === 'closed_early');
  const said = event?.details.closure;
  if (event === undefined || said === undefined) return 'its closing has no figures';
  const before = {
    creditMinor: BigInt(said.postedMinor),
    tax: posted.tax.map(({ name, amountMinor }) => {
      return { name, amountMinor: amountMinor - BigInt(said.tax[name] ?? '0') };
    }),
  };
  const { isExempt } = said;
  const whole = { ...deposit, flows: flowsOf(events) };
  const figures = figuresOf(closureOf(whole, terms, { posted: before, isExempt }, event.on), isExempt);
  if (BigInt(said.settledMinor) + BigInt(said.postedMinor) !== posted.creditMinor) {
    return 'what was posted is not what its closing says';
  }
  return isSame(figures, said) ? undefined : 'its closing does not follow from its terms';
}

function standingOf(deposit: StoredDeposit): Standing {
  const { instruction, status, waitsFor, endedOn, renewedAsId, lastEventNumber } = deposit;
  const { openedOn, principalMinor, maturesOn, noticeDueOn, plan, collectedFromId } = deposit;
  return {
    instruction,
    status,
    waitsFor,
    endedOn,
    renewedAsId,
    lastEventNumber,
    openedOn,
    principalMinor,
    maturesOn,
    noticeDueOn,
    plan,
    collectedFromId,
  };
}

function fold(deposit: StoredDeposit, events: readonly DepositEvent[]): Standing {
  const { instruction, openedOn, maturesOn, noticeDueOn, plan } = deposit;
  const first: Standing = {
    instruction,
    status: 'active',
    waitsFor: undefined,
    endedOn: undefined,
    renewedAsId: undefined,
    lastEventNumber: 0,
    openedOn,
    principalMinor: 0n,
    maturesOn,
    noticeDueOn,
    plan: plan && { ...plan, settled: 0, missed: 0, nextDueOn: undefined },
    collectedFromId: undefined,
  };
  return events.reduce(afterEvent, first);
}

function isSame(one: object, other: object): boolean {
  return textOf(one) === textOf(other);
}

/** By sorted names, without what is absent. */
function textOf(value: object): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint'
      ? String(part)
      : part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : part,
  );
}
