import type { AnyTx } from '#db/session.ts';
import { BeneficiaryGuard } from '#features/beneficiaries/contract.ts';
import { openLimitGuard } from '#features/limits/contract.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { LedgerContext } from '#ledger/post.ts';
import type { TransactionRow } from './transaction.ts';

/** The guard of payments: of the account that pays, by its limits, and of the beneficiary that is paid, by its own. */
export function openPaymentGuard(
  tx: AnyTx,
  context: LedgerContext,
  rows: readonly TransactionRow[],
): GuardSource {
  const { bookId } = context;
  const payments = rows.flatMap(({ id, beneficiary }) =>
    beneficiary === undefined ? [] : [{ entryId: id, beneficiaryId: beneficiary.id }],
  );
  const beneficiaries = payments.length === 0 ? undefined : new BeneficiaryGuard(tx, context, payments);
  const limit: GuardSource['limit'] = (inner, drafts, businessDate) => {
    const paysNew = (draft: (typeof drafts)[number]) => beneficiaries?.paysNew(draft) ?? false;
    return openLimitGuard(tx, bookId, { drafts, businessDate, inner, paysNew });
  };
  if (beneficiaries === undefined) return { limit };
  return { lock: () => beneficiaries.lock(), load: () => beneficiaries.load(), limit };
}
