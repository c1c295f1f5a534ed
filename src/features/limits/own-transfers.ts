import { recordSet, uuids } from '#db/bulk-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';

/** A transfer between two customers' accounts, which may be of the same customer. */
export type OwnTransfer = {
  readonly entryId: TransactionId;
  readonly from: AccountId;
  readonly to: AccountId;
};

const TRANSFERS = recordSet<OwnTransfer>({
  entry_id: uuids(({ entryId }) => entryId),
  from_id: uuids(({ from }) => from),
  to_id: uuids(({ to }) => to),
});

const OWN = `
  select r.entry_id as "entryId"
  from ${TRANSFERS.from}
  join accounts f on f.book_id = $1 and f.account_id = r.from_id
  join accounts t on t.book_id = $1 and t.account_id = r.to_id and t.customer_id = f.customer_id`;

/** Those of the transfers that stay with one customer: the owner of both accounts. */
export async function findOwnTransfers(
  tx: AnyTx,
  bookId: number,
  transfers: readonly OwnTransfer[],
): Promise<ReadonlySet<TransactionId>> {
  if (transfers.length === 0) return new Set();
  const { rows } = await run<{ entryId: TransactionId }>(tx, OWN, [bookId, ...TRANSFERS.values(transfers)]);
  return new Set(rows.map(({ entryId }) => entryId));
}
