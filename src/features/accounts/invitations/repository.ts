import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId, InvitationId } from '#lib/ids.ts';
import type { Invitation } from './invitation.ts';

export type InvitationFilter = {
  readonly accountId?: AccountId | undefined;
  /** Those that a customer was asked by, or asks for an account that it holds. */
  readonly about?: CustomerId | undefined;
  readonly after?: InvitationId | undefined;
  readonly limit: number;
};

export async function insertInvitation(tx: Tx, bookId: number, invitation: Invitation): Promise<void> {
  const { id, accountId, customerId, role, createdAt, expiresAt } = invitation;
  const row = { book_id: bookId, invitation_id: id, account_id: accountId, customer_id: customerId, role };
  await tx
    .insertInto('holder_invitations')
    .values({ ...row, created_at: createdAt, expires_at: expiresAt })
    .execute();
  await noteChanged(tx, bookId, 'holder_invitations', [id]);
}

/** The open invitation of a customer to an account, expired or not. The account's row is locked by then. */
export async function findOpenInvitation(
  tx: Tx,
  bookId: number,
  accountId: AccountId,
  customerId: CustomerId,
): Promise<Invitation | undefined> {
  return selectRows(tx, bookId)
    .where('account_id', '=', accountId)
    .where('customer_id', '=', customerId)
    .where('status', '=', 'open')
    .executeTakeFirst();
}

export async function findInvitation(
  db: Db,
  bookId: number,
  id: InvitationId,
): Promise<Invitation | undefined> {
  return selectRows(db, bookId).where('invitation_id', '=', id).executeTakeFirst();
}

/** Newest first. */
export async function listInvitations(
  db: Db,
  bookId: number,
  filter: InvitationFilter,
): Promise<Invitation[]> {
  const { accountId, about, after, limit } = filter;
  let query = selectRows(db, bookId);
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  if (about !== undefined) {
    query = query.where((row) =>
      row.or([
        row('customer_id', '=', about),
        row.exists(
          row
            .selectFrom('account_holders as h')
            .select('h.account_id')
            .whereRef('h.book_id', '=', 'i.book_id')
            .whereRef('h.account_id', '=', 'i.account_id')
            .where('h.customer_id', '=', about)
            .where('h.role', '=', 'owner'),
        ),
      ]),
    );
  }
  if (after !== undefined) query = query.where('invitation_id', '<', after);
  return query.orderBy('invitation_id', 'desc').limit(limit).execute();
}

/** Ends an open invitation. The account's row is locked by then, so that there is one answer. */
export async function endInvitation(
  tx: Tx,
  bookId: number,
  id: InvitationId,
  { status, now }: { readonly status: 'accepted' | 'declined' | 'withdrawn'; readonly now: Date },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('holder_invitations')
    .set({ status, answered_at: now })
    .where('book_id', '=', bookId)
    .where('invitation_id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirst();
  assert(numUpdatedRows === 1n, 'an invitation that is open under the lock of its account is there');
  await noteChanged(tx, bookId, 'holder_invitations', [id]);
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('holder_invitations as i')
    .select('i.invitation_id as id')
    .select(columns('i', ['account_id', 'customer_id', 'role', 'status', 'created_at', 'expires_at']))
    .where('i.book_id', '=', bookId);
}
