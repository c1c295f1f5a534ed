import type { Db, Tx } from '#db/database.ts';
import { findHolderRoles, lockAccountRow } from '#features/accounts/contract.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { AccountState } from '#ledger/evaluate.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { depositError } from './errors.ts';
import type { Instruction } from './state.ts';
import { productForDeposits } from './terms.ts';

export type InstructionChanges = {
  readonly [Field in keyof Instruction]?: Instruction[Field] | null | undefined;
} & {
  /** Where instalments are collected from, from now on. */
  readonly collectFromAccountId?: AccountId | undefined;
};

/**
 * Throws 400 `validation_failed` for a recurring deposit that would be renewed as one: what it came to goes on as a deposit
 * for a term, on a product that is named.
 */
export function assertGoesOn({ onMaturity, renewalProduct }: Instruction, isRecurring: boolean): void {
  if (!isRecurring || onMaturity === 'pay_out' || renewalProduct !== undefined) return;
  const message = 'is required: a recurring deposit is renewed as a deposit for a term, on another product';
  throw validationFailed({ path: 'renewalProduct', message, code: 'required' });
}

/** Throws 409 `account_closed` or `account_under_contract`, and 422 `currency_mismatch`, for an account that is named. */
export function assertPayout(account: AccountState | undefined, currency: Currency): void {
  if (account?.status === 'closed') throw ledgerError('account_closed');
  if (account?.isContract === true) throw ledgerError('account_under_contract');
  if (account?.currency !== currency) throw ledgerError('currency_mismatch');
}

/** An instruction with changes: null for what it says no more. */
export function changed(
  before: Instruction,
  changes: Omit<InstructionChanges, 'collectFromAccountId'>,
): Instruction {
  const { onMaturity, payoutAccountId, renewalProduct, renewalTerm } = changes;
  return {
    onMaturity: onMaturity ?? before.onMaturity,
    payoutAccountId: payoutAccountId ?? before.payoutAccountId,
    renewalProduct: renewalProduct === undefined ? before.renewalProduct : (renewalProduct ?? undefined),
    renewalTerm: renewalTerm === undefined ? before.renewalTerm : (renewalTerm ?? undefined),
  };
}

/** Throws 422 `unknown_product` and `product_not_for_deposits` for a product that no deposit is renewed into. */
export async function assertRenewal(
  db: Db,
  bookId: number,
  { renewalProduct }: Instruction,
  currency: Currency,
): Promise<void> {
  if (renewalProduct === undefined) return;
  await productForDeposits(db, bookId, { product: renewalProduct, currency });
}

/** Locks accounts that a deposit names, by ascending id. Throws 404 `not_found` and 422 `account_not_of_depositor`. */
export async function lockAccountsOf(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
  named: Readonly<Record<string, AccountId>>,
): Promise<void> {
  // Two at most.
  for (const id of [...new Set(Object.values(named))].toSorted()) {
    if (!(await lockAccountRow(tx, bookId, id))) throw notFound();
  }
  const held = Object.values(named).map((accountId) => ({ accountId, customerId }));
  const roles = await findHolderRoles(tx, bookId, held);
  const fields = Object.keys(named)
    .filter((_, index) => roles[index] !== 'owner' && roles[index] !== 'joint')
    .map((path) => ({ path, message: 'is not an account that the customer owns' }));
  if (fields.length > 0) throw depositError('account_not_of_depositor', { fields });
}
