import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { AgreedInterest } from '#features/accrual/contract.ts';
import { holdBook } from '#ledger/business-date.ts';
import { openDateOf } from '#ledger/closed-periods.ts';
import { endContracts } from '#ledger/customer-accounts.ts';
import type { PostOutcome } from '#ledger/entry.ts';
import type { AccountState } from '#ledger/evaluate.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, newId, type TransactionId } from '#lib/ids.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { closeContractAccounts, openContractAccounts } from './contract-accounts.ts';
import { Deposit } from './deposit.ts';
import { contractTransfer, type Movement, postMovements } from './movements.ts';
import { type Renewal, Renewals, renewedMinor } from './renewal.ts';
import {
  findOtherHolders,
  insertDeposits,
  lockDeposits,
  type StoredDeposit,
  updateDeposits,
} from './repository.ts';

/** The actor of what is done by contract. */
const ACTOR = 'deposits';

/** A deposit with its account, before anything is done for the date. */
type Due = { readonly deposit: Deposit; readonly stored: StoredDeposit; readonly account: AccountState };

/** A deposit whose money is to be paid or renewed. Minor units. */
type Planned = Due & {
  readonly renewal:
    | { readonly id: AccountId; readonly into: Renewal; readonly movement: Movement }
    | undefined;
  /** Why it is not renewed, though it should be. */
  readonly code: string | undefined;
  readonly payout: Movement | undefined;
};

/** What the end of a date does for deposits that are due. */
export class DueDeposits {
  readonly #context: Context;
  readonly #interest: AgreedInterest;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#interest = new AgreedInterest(context, internalAccounts);
  }

  /**
   * Does what is due for deposits, and returns how often each outcome came. Locks the deposits, the rows of their accounts,
   * the book's row (shared), and the ledger accounts, each by ascending id.
   */
  async settle(tx: Tx, ids: readonly AccountId[], date: IsoDate): Promise<Record<string, number>> {
    const { bookId } = this.#context;
    // One that was closed since it was listed is over.
    const stored = (await lockDeposits(tx, bookId, ids)).filter(({ endedOn }) => endedOn === undefined);
    const maturing = stored.filter(({ status, maturesOn }) => status === 'active' && maturesOn <= date);
    await this.#countInterest(tx, maturing);
    const book = await holdBook(tx, bookId);
    const due = await this.#lockAccounts(tx, stored);
    for (const { deposit, stored: before } of due) if (maturing.includes(before)) deposit.mature(date);
    const day = { date, valueDate: laterOf(date, openDateOf(book) ?? date) };
    const planned = await this.#plan(tx, due, day);
    await this.#openRenewed(tx, planned);
    await endContracts(
      tx,
      bookId,
      maturing.map(({ id }) => id),
    );
    const outcomes = await this.#post(tx, planned);
    for (const one of planned) conclude(one, outcomes, date);
    await this.#store(tx, due, planned, book.businessDate);
    return tally(due.map(({ deposit }) => deposit));
  }

  /** What maturing deposits have earned is posted by the end of their last night; this is for days that were left out. */
  async #countInterest(tx: Tx, maturing: readonly StoredDeposit[]): Promise<void> {
    for (const [maturesOn, all] of Map.groupBy(maturing, (one) => one.maturesOn)) {
      const ids = all.map(({ id }) => id);
      await this.#interest.countThrough(tx, ids, addDays(maturesOn, -1));
    }
  }

  async #lockAccounts(tx: Tx, stored: readonly StoredDeposit[]): Promise<Due[]> {
    const { bookId } = this.#context;
    const touched = stored.flatMap(({ id, instruction }) => [id, instruction.payoutAccountId]);
    const { states } = await lockAccounts(tx, bookId, touched);
    return stored.map((one) => {
      const account = states.get(one.id);
      assert(account !== undefined, 'a deposit has a ledger account');
      return { deposit: new Deposit(one), stored: one, account };
    });
  }

  /** What is to move. A deposit whose money cannot leave its account waits. */
  async #plan(tx: Tx, due: readonly Due[], day: Day): Promise<Planned[]> {
    const free = due.filter(({ deposit, account }) => {
      const code = whyItWaits(account);
      if (code !== undefined) deposit.wait(code, day.date);
      return code === undefined;
    });
    const renewing = free.filter(
      ({ deposit, stored, account }) =>
        deposit.state.status === 'matured' &&
        stored.renewedAsId === undefined &&
        renewedMinor(stored, account.balanceMinor) > 0n,
    );
    const { bookId } = this.#context;
    const renewals = await Renewals.load(
      tx,
      bookId,
      renewing.map(({ stored }) => stored),
      day.date,
    );
    return free.map((one) => this.#planOne(one, renewing.includes(one) ? renewals : undefined, day));
  }

  #planOne(due: Due, renewals: Renewals | undefined, { valueDate }: Day): Planned {
    const { ids } = this.#context;
    const { deposit, stored, account } = due;
    const { id: from, currency, instruction, principalMinor } = stored;
    const isOver = deposit.state.status === 'matured';
    const wantedMinor = renewals === undefined ? 0n : renewedMinor(stored, account.balanceMinor);
    const into = renewals?.of(stored, wantedMinor);
    const moved = { actor: ACTOR, from, currency, valueDate };
    const renewedAsId = newId(ids, 'account');
    const renewal =
      into === undefined || typeof into === 'string'
        ? undefined
        : {
            id: renewedAsId,
            into,
            movement: contractTransfer(ids, {
              ...moved,
              to: renewedAsId,
              amountMinor: wantedMinor,
              description: 'Deposit renewed',
            }),
          };
    const leftMinor =
      account.balanceMinor - (isOver ? 0n : principalMinor) - (renewal === undefined ? 0n : wantedMinor);
    const description = isOver ? 'Deposit paid out at its maturity' : 'Interest of the deposit';
    const payout =
      leftMinor > 0n
        ? contractTransfer(ids, {
            ...moved,
            to: instruction.payoutAccountId,
            amountMinor: leftMinor,
            description,
          })
        : undefined;
    return { ...due, renewal, code: typeof into === 'string' ? into : undefined, payout };
  }

  /** Opens the accounts of the deposits that go on, for whoever holds those until now. */
  async #openRenewed(tx: Tx, planned: readonly Planned[]): Promise<void> {
    const renewed = planned.flatMap(({ stored, renewal }) =>
      renewal === undefined ? [] : [{ stored, ...renewal }],
    );
    if (renewed.length === 0) return;
    const { bookId } = this.#context;
    const holders = await findOtherHolders(
      tx,
      bookId,
      renewed.map(({ stored }) => stored.id),
    );
    await openContractAccounts(
      tx,
      this.#context,
      renewed.map(({ id, stored, into: { offer, agreed, asked } }) => ({
        ...agreed,
        id,
        customerId: stored.customerId,
        holders: (holders.get(stored.id) ?? []).map(({ customerId, role }) => ({ customerId, role })),
        product: offer.product,
        openedOn: asked.openedOn,
      })),
    );
  }

  async #post(tx: Tx, planned: readonly Planned[]): Promise<ReadonlyMap<TransactionId, PostOutcome>> {
    const movements = planned.flatMap(({ renewal, payout }) =>
      [renewal?.movement, payout].filter((one) => one !== undefined),
    );
    const outcomes = await postMovements(tx, this.#context, movements);
    return new Map(movements.map(({ draft }, index) => [draft.entryId, outcomeAt(outcomes, index)]));
  }

  async #store(tx: Tx, due: readonly Due[], planned: readonly Planned[], closedOn: IsoDate): Promise<void> {
    const { bookId, clock } = this.#context;
    const doing = { actor: ACTOR, nowMs: clock.nowMs() };
    await updateDeposits(
      tx,
      bookId,
      due.map(({ deposit }) => deposit),
      doing,
    );
    await insertDeposits(tx, bookId, planned.flatMap(renewedDeposit), doing);
    const over = due.filter(({ deposit }) => deposit.isOver).map(({ stored }) => stored.id);
    if (over.length > 0) await closeContractAccounts(tx, bookId, over, closedOn);
  }
}

/** The date that ends, and the value date of what is paid on it. */
type Day = { readonly date: IsoDate; readonly valueDate: IsoDate };

/** Why money cannot leave an account: an estate is the heirs', and what is held is kept. */
export function whyItWaits({ status, heldMinor }: AccountState): string | undefined {
  if (status === 'estate') return 'customer_deceased';
  if (status !== 'active') return 'account_frozen';
  return heldMinor > 0n ? 'insufficient_funds' : undefined;
}

/** Notes the outcome on a deposit. */
function conclude(
  { deposit, renewal, payout, code }: Planned,
  outcomes: ReadonlyMap<TransactionId, PostOutcome>,
  date: IsoDate,
): void {
  if (renewal !== undefined) {
    const { entryId } = renewal.movement.draft;
    assert(
      outcomes.get(entryId)?.status === 'posted',
      'what is free to leave goes to the account that was opened for it',
    );
    const { amountMinor } = renewal.movement.row;
    deposit.renew({ amountMinor, entryId }, date, { renewedAsId: renewal.id, isWhole: payout === undefined });
    if (payout === undefined) return;
  }
  if (payout === undefined) {
    // Somebody else took what was left: an authority, for one.
    if (deposit.state.status === 'matured')
      deposit.payOut({ amountMinor: 0n, entryId: undefined }, date, code);
    return;
  }
  const { entryId } = payout.draft;
  const outcome = outcomes.get(entryId);
  assert(outcome !== undefined, 'every draft has an outcome');
  if (outcome.status === 'refused') {
    deposit.wait(outcome.code, date);
    return;
  }
  assert(outcome.status === 'posted', 'no guard is asked about what a contract pays');
  const paid = { amountMinor: payout.row.amountMinor, entryId };
  if (deposit.state.status === 'matured') deposit.payOut(paid, date, code);
  else deposit.payInterest(paid, date);
}

function renewedDeposit({ stored, renewal }: Planned): Deposit[] {
  if (renewal === undefined) return [];
  const { id, into, movement } = renewal;
  const { offer, asked, agreed } = into;
  const { product, currency, amountMinor: principalMinor, term, openedOn } = asked;
  const { onMaturity, payoutAccountId } = stored.instruction;
  return [
    Deposit.open(
      {
        ...agreed,
        id,
        product,
        currency,
        principalMinor,
        term,
        openedOn,
        instruction: { onMaturity, payoutAccountId },
        termsVersion: offer.version,
        renewsId: stored.id,
        collectedFromId: undefined,
        createdBy: ACTOR,
      },
      movement.draft.entryId,
    ),
  ];
}

function outcomeAt(outcomes: readonly PostOutcome[], index: number): PostOutcome {
  const outcome = outcomes[index];
  assert(outcome !== undefined, 'every draft has an outcome');
  return outcome;
}

/** How often each thing happened to deposits since they were loaded. */
export function tally(deposits: readonly Deposit[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of deposits.flatMap(({ events }) => events)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
