import type { AnyTx } from '#db/session.ts';
import type { CustomerId, TransactionId } from '#lib/ids.ts';

/** Whose beneficiary an entry pays, and which payee that is, as `payeeKey` has it. */
export type FoundPayee = { readonly customerId: CustomerId; readonly payee: string };

const found = new WeakMap<AnyTx, ReadonlyMap<TransactionId, FoundPayee>>();

/** Keeps, for the transaction, which of its entries turned out to pay a beneficiary. */
export function keepFoundPayees(tx: AnyTx, payees: ReadonlyMap<TransactionId, FoundPayee>): void {
  found.set(tx, payees);
}

/** The beneficiary that an entry turned out to pay, when the beneficiaries were locked. */
export function foundPayee(tx: AnyTx, entryId: TransactionId): FoundPayee | undefined {
  return found.get(tx)?.get(entryId);
}
