import type { SqlSession } from '#db/session.ts';
import { storeBeneficiaryPayments } from '#features/beneficiaries/contract.ts';
import type { TransactionRow } from './transaction.ts';

/**
 * What some transactions have beside their row: a statement for each kind that is among them, and none for ordinary
 * ones. For entries that are posted in this transaction, sent after them.
 */
export async function storeSideRows(
  session: SqlSession,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  const payments = rows.flatMap(({ id, beneficiary }) =>
    beneficiary === undefined ? [] : [{ transactionId: id, ...beneficiary }],
  );
  await storeBeneficiaryPayments(session, bookId, payments);
}
