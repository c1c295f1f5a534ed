import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { assertAccess } from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { recordDeposit } from './audited.ts';
import { Deposit } from './deposit.ts';
import { depositError } from './errors.ts';
import type { DepositEvent } from './event.ts';
import { eventsOf } from './event-repository.ts';
import { type Instalment, instalmentsOf, owedInstalment } from './instalments.ts';
import { lockAccountsOf } from './instruction.ts';
import { contractTransfer, payAsCustomer } from './movements.ts';
import { findDeposit, lockDeposits, type StoredDeposit, updateDeposits } from './repository.ts';

/** An instalment, with the deposit that it is of. */
export type InstalmentOfDeposit = { readonly deposit: StoredDeposit; readonly instalment: Instalment };

/** The instalments of recurring deposits: which they are, and paying one by hand. */
export class InstalmentService {
  readonly #context: Context;
  readonly #gate: MoneyGate;

  constructor(context: Context, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /** All instalments of a deposit, in order; none of one that is not recurring. Throws 404 `not_found`. */
  async list(caller: Caller, id: AccountId): Promise<InstalmentOfDeposit[]> {
    const { db, bookId, clock } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: id }], 'see');
    const today = await followCalendar(db, bookId, clock);
    return inTransaction(
      db,
      async (tx) => {
        const deposit = await findDeposit(tx, bookId, id);
        if (deposit === undefined) throw notFound();
        const events = (await eventsOf(tx, bookId, id, id)).get(id) ?? [];
        return instalmentsOf(deposit, events, today).map((instalment) => ({ deposit, instalment }));
      },
      { readOnlySnapshot: true },
    );
  }

  /**
   * Pays the oldest instalment that is owed from an account of the customer. Throws 404 `not_found`, 409 `deposit_over`, `deposit_matures`, `deposit_without_instalments` or
   * `instalment_not_due`, 422 `account_not_of_depositor`, and what the ledger and limits refuse the payment for.
   */
  async pay(
    caller: Caller,
    id: AccountId,
    { fromAccountId }: { readonly fromAccountId: AccountId },
  ): Promise<InstalmentOfDeposit> {
    const { db, bookId, clock, ids } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: id }], 'order');
    await followCalendar(db, bookId, clock);
    return inTransaction(db, async (tx) => {
      const [stored] = await lockDeposits(tx, bookId, [id]);
      if (stored === undefined) throw notFound();
      const deposit = new Deposit(stored);
      const { plan, customerId, currency } = stored;
      if (plan === undefined) throw depositError('deposit_without_instalments');
      await assertAccess(tx, bookId, [{ caller, accountId: id }], 'order');
      await assertAccess(tx, bookId, [{ caller, accountId: fromAccountId }], 'order');
      await lockAccountsOf(tx, bookId, customerId, { fromAccountId });
      const today = await holdBusinessDate(tx, bookId);
      deposit.assertRuns(today);
      const events = (await eventsOf(tx, bookId, id, id)).get(id) ?? [];
      const owed = owedInstalment(stored, events, today);
      if (owed === undefined) throw depositError('instalment_not_due', { nextDueOn: plan.nextDueOn });
      const { number, amountMinor } = owed;
      const movement = contractTransfer(ids, {
        actor: caller.actor,
        from: fromAccountId,
        to: id,
        amountMinor,
        currency,
        description: `Instalment ${number}`,
      });
      await payAsCustomer(tx, this.#context, movement);
      const { entryId } = movement.draft;
      deposit.payInstalment(number, { amountMinor, entryId, valueDate: today }, today);
      await updateDeposits(tx, bookId, [deposit], { actor: caller.actor, nowMs: clock.nowMs() });
      await this.#gate.pass(tx, caller, 'payTimeDepositInstalment', { amountMinor, currency });
      const act = { caller, operation: 'payTimeDepositInstalment' };
      await recordDeposit(tx, this.#context, act, { before: stored, after: deposit.state });
      return paid({ ...stored, ...deposit.state }, [...events, ...deposit.events], { number, today });
    });
  }
}

function paid(
  deposit: StoredDeposit,
  events: readonly DepositEvent[],
  { number, today }: { readonly number: number; readonly today: IsoDate },
): InstalmentOfDeposit {
  const instalment = instalmentsOf(deposit, events, today)[number - 1];
  assert(instalment !== undefined, 'an instalment that was paid is one of the deposit');
  return { deposit, instalment };
}
