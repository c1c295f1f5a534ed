import type { SqlSession } from '#db/session.ts';
import { BeneficiaryGuard } from '#features/beneficiaries/contract.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { LedgerContext } from '#ledger/post.ts';
import type { TransactionRow } from './transaction.ts';

/** The guard of payments that have limits of their own: to beneficiaries. Undefined where none is among the rows. */
export function openPaymentGuard(
  session: SqlSession,
  context: LedgerContext,
  rows: readonly TransactionRow[],
): GuardSource | undefined {
  if (rows.every(({ beneficiary }) => beneficiary === undefined)) return undefined;
  const payments = rows.flatMap(({ id, beneficiary }) =>
    beneficiary === undefined ? [] : [{ entryId: id, beneficiaryId: beneficiary.id }],
  );
  return new BeneficiaryGuard(session, context, payments);
}
