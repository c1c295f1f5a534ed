import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';
import type { CustomerId, LoanId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Collateral, CollateralKind, LoanParty, LoanSecurity, PartyRole } from './security.ts';

/** The parties and the collateral of a loan, in the order in which they came. */
export async function findSecurity(db: Db, bookId: number, id: LoanId): Promise<LoanSecurity> {
  const { rows: parties } = await sql<{
    customerId: CustomerId;
    role: PartyRole;
    sharePercent: string | null;
  }>`
    select customer_id as "customerId", role, share_percent as "sharePercent" from loan_parties
    where book_id = ${bookId} and loan_id = ${id} order by added_at, customer_id`.execute(db);
  const { rows: collateral } = await sql<{
    number: number;
    kind: CollateralKind;
    description: string;
    valueMinor: bigint;
    valuedOn: IsoDate;
    releasedOn: IsoDate | null;
  }>`
    select collateral_number as number, kind, description, value_minor as "valueMinor", valued_on as "valuedOn",
      released_on as "releasedOn"
    from loan_collateral where book_id = ${bookId} and loan_id = ${id} order by collateral_number`.execute(
    db,
  );
  return {
    parties: parties.map(({ sharePercent, ...party }) => ({
      ...party,
      sharePercent: sharePercent ?? undefined,
    })),
    collateral: collateral.map(({ releasedOn, ...item }) => ({
      ...item,
      releasedOn: releasedOn ?? undefined,
    })),
  };
}

/** A customer's part in somebody else's loan. */
export type PartyOf = {
  readonly loanId: LoanId;
  readonly role: PartyRole;
  readonly sharePercent: string | null;
};

/** The loans that a customer stands for. */
export async function listLoansOfParty(db: Db, bookId: number, customerId: CustomerId): Promise<PartyOf[]> {
  return db
    .selectFrom('loan_parties')
    .select(['loan_id as loanId', 'share_percent as sharePercent'])
    .select((row) => row.ref('role').$castTo<PartyRole>().as('role'))
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .orderBy('loan_id')
    .execute();
}

/** Stores a party of a locked loan. */
export async function insertParty(
  tx: Tx,
  bookId: number,
  id: LoanId,
  { customerId, role, sharePercent }: LoanParty,
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto('loan_parties')
    .values({
      book_id: bookId,
      loan_id: id,
      customer_id: customerId,
      role,
      share_percent: sharePercent ?? null,
      added_at: new Date(nowMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'loan_parties', [[id, customerId]]);
}

/** Whether there was one. */
export async function deleteParty(
  tx: Tx,
  bookId: number,
  id: LoanId,
  customerId: CustomerId,
): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('loan_parties')
    .where('book_id', '=', bookId)
    .where('loan_id', '=', id)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  await noteChanged(tx, bookId, 'loan_parties', [[id, customerId]]);
  return deleted.numDeletedRows === 1n;
}

/** Stores an item of a locked loan's collateral. */
export async function insertCollateral(
  tx: Tx,
  bookId: number,
  id: LoanId,
  { number, kind, description, valueMinor, valuedOn }: Collateral,
): Promise<void> {
  await tx
    .insertInto('loan_collateral')
    .values({
      book_id: bookId,
      loan_id: id,
      collateral_number: number,
      kind,
      description,
      value_minor: valueMinor,
      valued_on: valuedOn,
    })
    .execute();
  await noteChanged(tx, bookId, 'loan_collateral', [[id, number]]);
}

/** Of one that is there and was not released. */
export async function releaseCollateral(
  tx: Tx,
  bookId: number,
  id: LoanId,
  number: number,
  on: IsoDate,
): Promise<void> {
  const updated = await tx
    .updateTable('loan_collateral')
    .set({ released_on: on })
    .where('book_id', '=', bookId)
    .where('loan_id', '=', id)
    .where('collateral_number', '=', number)
    .where('released_on', 'is', null)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'the collateral of a locked loan is there to be released');
  await noteChanged(tx, bookId, 'loan_collateral', [[id, number]]);
}
