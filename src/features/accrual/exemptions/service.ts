import type { Context } from '#db/context.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { customerExists, lockCustomer } from '#features/customers/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type CustomerId, toTypeId } from '#lib/ids.ts';
import { cleanExemptions, firstChange, type TaxExemption } from './exemption.ts';
import {
  findExemptions,
  insertExemptions,
  lockOwnedAccounts,
  recountFrom,
  type StoredExemptions,
} from './repository.ts';

/** When interest of customers bears no tax. */
export class TaxExemptionService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws 404 `not_found`. */
  async get(customerId: CustomerId): Promise<StoredExemptions> {
    const { db, bookId } = this.#context;
    if (!(await customerExists(db, bookId, customerId))) throw notFound();
    return findExemptions(db, bookId, customerId);
  }

  /**
   * Sets all exemptions of a customer. What was posted of periods that are exempt now, or not any more, is corrected at the
   * next end of a day. Throws 404 `not_found` for the customer or an account that is not theirs, 400 `validation_failed`.
   * Locks the customer, then the accounts of the customer by ascending id.
   */
  async set(
    caller: Caller,
    customerId: CustomerId,
    wanted: readonly TaxExemption[],
  ): Promise<StoredExemptions> {
    const { db, bookId, clock } = this.#context;
    const exemptions = cleanExemptions(wanted);
    await inTransaction(db, async (tx) => {
      if ((await lockCustomer(tx, this.#context, customerId)) === undefined) throw notFound();
      const owned = await lockOwnedAccounts(tx, bookId, customerId);
      const isForeign = ({ accountId }: TaxExemption) =>
        accountId !== undefined && !owned.includes(accountId);
      if (exemptions.some(isForeign)) throw notFound();
      const before = await findExemptions(tx, bookId, customerId);
      const [setBy, setAt] = [caller.actor, new Date(clock.nowMs())];
      const revision = before.revision + 1;
      await insertExemptions(tx, bookId, customerId, { revision, exemptions, setBy, setAt });
      const first = firstChange(before.exemptions, exemptions);
      if (first !== undefined) await recountFrom(tx, bookId, owned, first);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setTaxExemptions',
        resourceType: 'customer',
        resourceId: toTypeId('customer', customerId),
        after: { version: revision },
      });
    });
    return afterCommit(() => findExemptions(db, bookId, customerId));
  }
}
