import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { AgreedInterest, NOTHING_POSTED, sumPostedInterest } from '#features/accrual/contract.ts';
import { endContracts } from '#ledger/customer-accounts.ts';
import type { AccountStates } from '#ledger/evaluate.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Closure, closureOf, figuresOf } from './closure.ts';
import { closeContractAccounts } from './contract-accounts.ts';
import type { Deposit } from './deposit.ts';
import type { ClosingReasons } from './event.ts';
import { eventsOf } from './event-repository.ts';
import { flowsOf } from './instalments.ts';
import { contractTransfer, postMovement } from './movements.ts';
import type { StoredDeposit } from './repository.ts';
import { loadTerms } from './terms.ts';

/** What closing a deposit on a day would pay, and what it is that. */
export type ClosurePreview = Closure & {
  readonly deposit: StoredDeposit;
  readonly closedOn: IsoDate;
  readonly isExempt: boolean;
  /** What goes to the other account: the balance of the deposit, with what is settled. */
  readonly paidMinor: bigint;
};

/** Who closes a deposit, and on which day. */
export type ClosingAct = {
  readonly actor: string;
  readonly reasons: ClosingReasons;
  readonly on: IsoDate;
  /** The open business date, on which its account is closed. */
  readonly bookedOn: IsoDate;
};

/** Ends deposits before their maturity, by their terms of closing early. */
export class EarlyClosing {
  readonly #context: Context;
  readonly #interest: AgreedInterest;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#interest = new AgreedInterest(context, internalAccounts);
  }

  /** What closing on a day would pay. Throws 422 `early_closure_not_agreed`. */
  async preview(
    tx: Tx,
    deposit: StoredDeposit,
    closedOn: IsoDate,
    states: AccountStates,
  ): Promise<ClosurePreview> {
    const { bookId } = this.#context;
    const { id } = deposit;
    const terms = (await loadTerms(tx, bookId, [deposit])).of(deposit);
    const posted = (await sumPostedInterest(tx, bookId, [deposit])).get(id) ?? NOTHING_POSTED;
    const isExempt = await this.#interest.isExempt(tx, id, closedOn);
    const flows = flowsOf((await eventsOf(tx, bookId, id, id)).get(id) ?? []);
    const closure = closureOf({ ...deposit, flows }, terms, { posted, isExempt }, closedOn);
    const account = states.get(id);
    assert(account !== undefined, 'a deposit has a ledger account');
    const paidMinor = account.balanceMinor + closure.settled.creditMinor - closure.settledTaxMinor;
    return { ...closure, deposit, closedOn, paidMinor, isExempt };
  }

  /**
   * Settles the interest of a deposit and pays it out; the money of customers who died stays. Nothing happened to it since
   * it was stored. It is locked, and so are its ledger account and that which it is paid to. Throws 422
   * `early_closure_not_agreed`, and what the ledger refuses the payment for.
   */
  async close(
    tx: Tx,
    deposit: Deposit,
    { stored, states }: { readonly stored: StoredDeposit; readonly states: AccountStates },
    { actor, reasons, on, bookedOn }: ClosingAct,
  ): Promise<ClosurePreview> {
    const { bookId } = this.#context;
    const { id } = stored;
    const closure = await this.preview(tx, stored, on, states);
    await this.#interest.settle(tx, id, closure.settled, on);
    await endContracts(tx, bookId, [id]);
    deposit.closeEarly(on, figuresOf(closure, closure.isExempt), reasons);
    if (states.get(id)?.status !== 'estate')
      await this.#payOut(tx, deposit, closure, { actor, on, bookedOn });
    return { ...closure, deposit: { ...stored, ...deposit.state } };
  }

  async #payOut(
    tx: Tx,
    deposit: Deposit,
    { paidMinor: amountMinor }: ClosurePreview,
    { actor, on, bookedOn }: Omit<ClosingAct, 'reasons'>,
  ): Promise<void> {
    const { id, currency, instruction } = deposit.state;
    const payout = contractTransfer(this.#context.ids, {
      actor,
      from: id,
      to: instruction.payoutAccountId,
      amountMinor,
      currency,
      description: 'Deposit closed early',
    });
    if (amountMinor > 0n) await postMovement(tx, this.#context, payout);
    const entryId = amountMinor > 0n ? payout.draft.entryId : undefined;
    deposit.payOut({ amountMinor, entryId }, on);
    await closeContractAccounts(tx, this.#context.bookId, [id], bookedOn);
  }
}
