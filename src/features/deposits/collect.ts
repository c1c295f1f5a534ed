import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { findHolderRoles } from '#features/accounts/contract.ts';
import { changeAgreement } from '#features/accrual/contract.ts';
import { type DepositTerms, MAX_INSTALMENTS, rateAfterMissed } from '#features/interest/contract.ts';
import { holdBook } from '#ledger/business-date.ts';
import { openDateOf } from '#ledger/closed-periods.ts';
import type { AccountStates } from '#ledger/evaluate.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { EarlyClosing } from './closing.ts';
import { Deposit } from './deposit.ts';
import { tally, whyItWaits } from './due.ts';
import { type Day, durationAfterMiss, lastCollection, takeFee } from './missed.ts';
import { contractTransfer, postMovements } from './movements.ts';
import { lockDeposits, type StoredDeposit, updateDeposits } from './repository.ts';
import type { DepositState, InstalmentPlan } from './state.ts';
import { loadTerms } from './terms.ts';

/** The actor of what is done by contract. */
const ACTOR = 'deposits';

/** A deposit whose instalments are collected. */
type Collected = {
  readonly deposit: Deposit;
  readonly stored: StoredDeposit;
  readonly terms: DepositTerms;
  /** Whether the account that pays is still one of the customer's own. */
  readonly mayCollect: boolean;
};

/** What the end of a date does for deposits with instalments that are due. */
export class DueInstalments {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #closing: EarlyClosing;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
    this.#closing = new EarlyClosing(context, internalAccounts);
  }

  /**
   * Collects what is due, notes what was missed, and closes deposits that missed too much. Returns how often each outcome
   * came. Locks the deposits, the rows of their accounts, the book's row (shared), and the ledger accounts, each by
   * ascending id.
   */
  async settle(tx: Tx, ids: readonly AccountId[], date: IsoDate): Promise<Record<string, number>> {
    const { bookId, clock } = this.#context;
    const stored = (await lockDeposits(tx, bookId, ids)).filter(({ status }) => status === 'active');
    const book = await holdBook(tx, bookId);
    const day = { date, valueDate: laterOf(date, openDateOf(book) ?? date) };
    const { states } = await lockAccounts(tx, bookId, stored.flatMap(accountsOf));
    const collected = await this.#load(tx, stored, states);
    let open = collected;
    // A deposit has no more of them.
    for (let round = 0; round < MAX_INSTALMENTS && open.length > 0; round += 1) {
      open = await this.#collectNext(
        tx,
        open.filter((one) => isDue(one, date)),
        day,
      );
    }
    for (const one of collected) await this.#changeAgreement(tx, one, date);
    const doing = { actor: ACTOR, nowMs: clock.nowMs() };
    const deposits = collected.map(({ deposit }) => deposit);
    await updateDeposits(tx, bookId, deposits, doing);
    const closed: Deposit[] = [];
    for (const one of collected.filter(missedTooMuch)) {
      closed.push(await this.#close(tx, one, date, book.businessDate));
    }
    await updateDeposits(tx, bookId, closed, doing);
    return tally([...deposits, ...closed]);
  }

  /** Nothing is collected for customers who died. */
  async #load(tx: Tx, stored: readonly StoredDeposit[], states: AccountStates): Promise<Collected[]> {
    const { bookId } = this.#context;
    const living = stored.filter(({ id }) => states.get(id)?.status !== 'estate');
    const terms = await loadTerms(tx, bookId, living);
    const held = living.map(({ customerId, ...one }) => ({ customerId, accountId: sourceOf(one) }));
    const roles = await findHolderRoles(tx, bookId, held);
    return living.map((one, index) => ({
      deposit: new Deposit(one),
      stored: one,
      terms: terms.of(one),
      mayCollect: roles[index] === 'owner' || roles[index] === 'joint',
    }));
  }

  /** Collects the next instalment of each. Those of which one was decided may have another one that is due. */
  async #collectNext(tx: Tx, open: readonly Collected[], day: Day): Promise<Collected[]> {
    const tried = open.map((one) => ({ one, movement: this.#movementOf(one, day) }));
    const asked = tried.filter(({ one }) => one.mayCollect).map(({ movement }) => movement);
    const outcomes = await postMovements(tx, this.#context, asked);
    const byEntry = new Map(asked.map(({ draft }, index) => [draft.entryId, outcomes[index]]));
    const decided: Collected[] = [];
    for (const { one, movement } of tried) {
      const { entryId } = movement.draft;
      const outcome = byEntry.get(entryId);
      const number = planOf(one.deposit.state).settled + 1;
      if (outcome?.status === 'posted') {
        const { amountMinor } = movement.row;
        one.deposit.payInstalment(number, { amountMinor, entryId, valueDate: day.valueDate }, day.date);
        decided.push(one);
        continue;
      }
      const code = outcome?.status === 'refused' ? outcome.code : 'account_not_of_depositor';
      if (await this.#isMissed(tx, one, { number, code }, day)) decided.push(one);
    }
    return decided;
  }

  #movementOf({ deposit }: Collected, { valueDate }: Day) {
    const { state } = deposit;
    const { amountMinor, settled } = planOf(state);
    return contractTransfer(this.#context.ids, {
      actor: ACTOR,
      from: sourceOf(state),
      to: state.id,
      amountMinor,
      currency: state.currency,
      description: `Instalment ${settled + 1}`,
      valueDate,
    });
  }

  /** Whether an instalment that was not paid is missed: until then it is tried again. */
  async #isMissed(
    tx: Tx,
    { deposit, terms }: Collected,
    { number, code }: { readonly number: number; readonly code: string },
    day: Day,
  ): Promise<boolean> {
    const { state } = deposit;
    const { graceDays } = terms.instalments;
    if (day.date < lastCollection(state, planOf(state), { number, graceDays })) return false;
    const of = { state, terms, actor: ACTOR };
    const fee = await takeFee(tx, this.#context, this.#internalAccounts, of, { number, day });
    const duration = await durationAfterMiss(tx, this.#context, of, number);
    deposit.missInstalment(number, { code, duration, fee }, day.date);
    return true;
  }

  /** Agrees another last night and a lower rate with the account, from the day on that has not earned yet. */
  async #changeAgreement(tx: Tx, { deposit, stored, terms }: Collected, date: IsoDate): Promise<void> {
    const { id, maturesOn, ratePpm } = deposit.state;
    const { missed } = planOf(deposit.state);
    const { missedRateCutPpm } = terms.instalments;
    const isCut = missedRateCutPpm > 0n && missed > planOf(stored).missed;
    if (!isCut && maturesOn === stored.maturesOn) return;
    const ratePercent = formatRatePpm(rateAfterMissed(ratePpm, missedRateCutPpm, missed));
    await changeAgreement(tx, this.#context.bookId, {
      accountId: id,
      through: addDays(maturesOn, -1),
      rate: isCut ? { from: date, ratePercent } : undefined,
    });
  }

  /** Closes a deposit early, or lets it wait while its money cannot leave. What happened to it before is stored. */
  async #close(
    tx: Tx,
    { deposit: before, stored: read }: Collected,
    on: IsoDate,
    bookedOn: IsoDate,
  ): Promise<Deposit> {
    const stored = { ...read, ...before.state };
    const deposit = new Deposit(stored);
    const { id, instruction } = stored;
    const { states } = await lockAccounts(tx, this.#context.bookId, accountsOf(stored));
    const account = states.get(id);
    assert(account !== undefined, 'a deposit has a ledger account');
    const code = whyItWaits(account) ?? whyItTakesNothing(states.get(instruction.payoutAccountId)?.status);
    if (code !== undefined) deposit.wait(code, on);
    else {
      const act = { actor: ACTOR, reasons: {}, on, bookedOn };
      await this.#closing.close(tx, deposit, { stored, states }, act);
    }
    return deposit;
  }
}

function isDue({ deposit, terms }: Collected, date: IsoDate): boolean {
  const { nextDueOn } = planOf(deposit.state);
  return nextDueOn !== undefined && nextDueOn <= date && !isOverdone(deposit.state, terms);
}

const missedTooMuch = ({ deposit, terms }: Collected): boolean => isOverdone(deposit.state, terms);

function isOverdone(state: DepositState, { instalments }: DepositTerms): boolean {
  const { closedAfterMissed } = instalments;
  return closedAfterMissed !== undefined && planOf(state).missed >= closedAfterMissed;
}

function whyItTakesNothing(status: string | undefined): string | undefined {
  if (status === 'closed') return 'account_closed';
  return status === 'frozen' ? 'account_frozen' : undefined;
}

function planOf({ plan }: Pick<DepositState, 'plan'>): InstalmentPlan {
  assert(plan !== undefined, 'a deposit with instalments has a plan');
  return plan;
}

function sourceOf({ collectedFromId }: Pick<DepositState, 'collectedFromId'>): AccountId {
  assert(collectedFromId !== undefined, 'instalments are collected from an account');
  return collectedFromId;
}

function accountsOf({ id, instruction, ...one }: StoredDeposit): AccountId[] {
  return [id, instruction.payoutAccountId, sourceOf(one)];
}
