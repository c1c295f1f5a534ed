import type { AnyTx } from '#db/session.ts';
import { lockFeesOfPayments, openCharges, type PricedPayment } from '#features/fees/contract.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { LedgerContext } from '#ledger/post.ts';
import type { TransactionRow } from './transaction.ts';

/** What of a row decides about what its entry costs, or gives back. */
export type ChargedRow = Pick<
  TransactionRow,
  'id' | 'accountId' | 'type' | 'mode' | 'counterparty' | 'isCapture' | 'givesBack'
>;

/** What payments cost, and what is given back with those that are taken back: the parts of a guard that ask for it. */
export function chargesOf(
  tx: AnyTx,
  context: LedgerContext,
  rows: readonly ChargedRow[],
): Pick<GuardSource, 'lock'> & Required<Pick<GuardSource, 'charge'>> {
  const { bookId } = context;
  const returned = rows.flatMap(({ id, givesBack }) =>
    givesBack === undefined ? [] : [{ entryId: id, paymentId: givesBack }],
  );
  let locked: ReturnType<typeof lockFeesOfPayments> = Promise.resolve([]);
  const lock = () => {
    locked = lockFeesOfPayments(
      tx,
      bookId,
      returned.map(({ paymentId }) => paymentId),
    );
    return locked;
  };
  return {
    ...(returned.length === 0 ? {} : { lock }),
    charge: async (drafts, businessDate) => {
      const byEntry = new Map(drafts.map((draft) => [draft.entryId, draft]));
      const payments = rows.flatMap((row) => pricedPayment(row, byEntry.get(row.id)) ?? []);
      return openCharges(tx, context, { businessDate, payments, returned, locked: await locked });
    },
  };
}

/** What of an entry may cost something; undefined for what costs nothing by any terms. */
export function pricedPayment(row: ChargedRow, draft: EntryDraft | undefined): PricedPayment | undefined {
  const { id: entryId, accountId, type, mode, counterparty, isCapture = false } = row;
  if (isCapture) return { entryId, accountId, event: 'card' };
  switch (type) {
    case 'withdrawal':
      return { entryId, accountId, event: 'withdrawal', mode };
    case 'transfer': {
      const payeeId = draft?.postings[0]?.credit;
      return typeof payeeId === 'string' ? { entryId, accountId, event: 'transfer', payeeId } : undefined;
    }
    case 'outgoing_payment':
      return { entryId, accountId, event: 'outgoing_payment', payeeAccount: counterparty?.account };
    default:
      return undefined;
  }
}
