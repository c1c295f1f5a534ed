import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import {
  countInstalments,
  type DepositTerms,
  instalmentDate,
  nominalMaturity,
} from '#features/interest/contract.ts';
import { findProduct, postingLineOf } from '#features/products/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import { newId } from '#lib/ids.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { businessMaturity, noticeOf } from './agree.ts';
import type { MissedInstalment } from './deposit.ts';
import type { Duration } from './event.ts';
import { type Movement, postMovements } from './movements.ts';
import type { DepositState, InstalmentPlan } from './state.ts';

/** The date that ends, and the value date of what is booked for it. */
export type Day = { readonly date: IsoDate; readonly valueDate: IsoDate };

/** The last day on which an instalment is collected: after its grace it is missed, and at its latest before the maturity. */
export function lastCollection(
  { openedOn, maturesOn }: DepositState,
  { frequency }: InstalmentPlan,
  { number, graceDays }: { readonly number: number; readonly graceDays: number },
): IsoDate {
  const last = addDays(instalmentDate({ openedOn, frequency }, number), graceDays);
  return last < maturesOn ? last : addDays(maturesOn, -1);
}

/**
 * How long a deposit lasts after an instalment was missed: one that is collected behind the last one makes it longer. Such
 * a replacement is not replaced in turn. Undefined for as long as before.
 */
export async function durationAfterMiss(
  tx: Tx,
  { bookId }: Pick<Context, 'bookId'>,
  { state, terms }: { readonly state: DepositState; readonly terms: DepositTerms },
  number: number,
): Promise<Duration | undefined> {
  const { plan, openedOn, term } = state;
  assert(plan !== undefined, 'what misses an instalment has a plan');
  const { frequency, count } = plan;
  const rhythm = { openedOn, term, frequency };
  const agreed = countInstalments(rhythm);
  if (!terms.instalments.postponesMaturity || number > agreed) return undefined;
  const instalments = count + 1;
  const date = nominalMaturity(rhythm, instalments - agreed);
  const after = instalmentDate(rhythm, instalments);
  const maturesOn = businessMaturity(terms, { date, after }, await loadCalendar(tx, bookId, date));
  return { instalments, maturesOn, noticeDueOn: noticeOf(terms, { openedOn, maturesOn }) };
}

/** Takes what a missed instalment costs from the deposit, unless it would take all of it; undefined for nothing. */
export async function takeFee(
  tx: Tx,
  context: Context,
  internalAccounts: InternalAccounts,
  {
    state,
    terms,
    actor,
  }: { readonly state: DepositState; readonly terms: DepositTerms; readonly actor: string },
  { number, day }: { readonly number: number; readonly day: Day },
): Promise<MissedInstalment['fee']> {
  const { missedFeeMinor: amountMinor } = terms.instalments;
  if (amountMinor === 0n || amountMinor >= state.principalMinor) return undefined;
  const { id: accountId, product: code, currency } = state;
  const product = await findProduct(tx, context.bookId, { code, currency });
  const line = postingLineOf(product?.state.accounting ?? {}, 'feeIncome');
  const income = await internalAccounts.find(context.db, line, currency);
  assert(income !== undefined, `the book keeps line ${line} in ${currency}`);
  const entryId = newId(context.ids, 'transaction');
  const { valueDate } = day;
  const movement: Movement = {
    draft: {
      entryId,
      kind: 'fee',
      actor,
      isOfContract: true,
      valueDate,
      postings: [{ debit: accountId, credit: income, amountMinor, currency }],
    },
    row: {
      id: entryId,
      accountId,
      type: 'fee',
      mode: 'internal',
      amountMinor,
      description: `Instalment ${number} missed`,
    },
  };
  const [outcome] = await postMovements(tx, context, [movement]);
  return outcome?.status === 'posted' ? { amountMinor, entryId, valueDate } : undefined;
}
