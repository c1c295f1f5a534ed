import { bulkUpdate, byteStrings, texts, uuids } from '#db/bulk-rows.ts';
import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { selectBank } from '#features/books/contract.ts';
import type { CustomerId } from '#lib/ids.ts';
import type { CustomerState } from './customer.ts';
import { identityOf } from './identifiers.ts';

/** Whose book it is, and the key that opens what is sealed in it. */
export type Vault = Pick<Context, 'bookId' | 'dataKey'>;

/** What the table keeps of a national id. */
type SealedNationalId = {
  readonly national_id: null;
  readonly national_id_sealed: Buffer | null;
  readonly national_id_hash: Buffer | null;
};

/** Rows that are sealed in one transaction: some 20 ms, so that nobody waits long for a customer. */
const SEAL_BATCH = 500;

/** The columns of a customer's national id: sealed for this row alone, and hashed to be unique in the book. */
export function sealedNationalId(
  vault: Vault,
  {
    id,
    nationalId,
    nationalIdCountry: country,
  }: Pick<CustomerState, 'id' | 'nationalId' | 'nationalIdCountry'>,
): SealedNationalId {
  if (nationalId === undefined)
    return { national_id: null, national_id_sealed: null, national_id_hash: null };
  const contexts = nationalIdContexts(vault.bookId, id);
  return {
    national_id: null,
    national_id_sealed: vault.dataKey.encrypt(nationalId, contexts.seal),
    national_id_hash: vault.dataKey.blindIndex(
      identityOf({ type: 'national_id', country, value: nationalId }),
      contexts.index,
    ),
  };
}

/** The national id of a row. Throws WrongDataKeyError, DamagedDataError. */
export function openNationalId(
  vault: Vault,
  row: { readonly id: CustomerId; readonly nationalIdSealed: Buffer | null },
): string | undefined {
  if (row.nationalIdSealed === null) return undefined;
  const context = nationalIdContexts(vault.bookId, row.id).seal;
  return vault.dataKey.decrypt(row.nationalIdSealed, context).toString('utf8');
}

/** What is sealed for one customer does not open in another's row; what is hashed is unique in the book. */
export function nationalIdContexts(bookId: number, customerId: string): { seal: string; index: string } {
  const index = `customers.national_id/${bookId}`;
  return { seal: `${index}/${customerId}`, index };
}

/**
 * Seals the national ids that an earlier version left in plain text, and returns how many. Each batch is a
 * transaction of its own: cut off, it goes on at the next start. Processes that do it at once share the work.
 * Locks the customers of a batch in ascending id.
 */
export async function sealNationalIds(context: Context): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await sealBatch(context);
    sealed += count;
    // Ends: every batch takes rows away, and nothing adds any (customers_national_id_sealed_only).
    if (count === 0) return sealed;
  }
}

const storeSealed = bulkUpdate('customers').of<SealedNationalId & { readonly id: CustomerId }>({
  key: { customer_id: uuids(({ id }) => id) },
  set: {
    national_id: texts(({ national_id }) => national_id),
    national_id_sealed: byteStrings(({ national_id_sealed }) => national_id_sealed),
    national_id_hash: byteStrings(({ national_id_hash }) => national_id_hash),
  },
});

async function sealBatch(context: Context): Promise<number> {
  const { db, bookId } = context;
  return inTransaction(db, async (tx) => {
    const rows = await tx
      .selectFrom('customers')
      .select(['customer_id', 'national_id', 'country'])
      .where('book_id', '=', bookId)
      .where('national_id', 'is not', null)
      .orderBy('customer_id')
      .limit(SEAL_BATCH)
      .forUpdate()
      .execute();
    if (rows.length === 0) return 0;
    const { country: home } = await selectBank(tx, bookId);
    await storeSealed(
      tx,
      { book_id: bookId },
      rows.map(({ customer_id: id, national_id: nationalId, country }) => ({
        id,
        ...sealedNationalId(context, {
          id,
          nationalId: nationalId ?? undefined,
          nationalIdCountry: country ?? home,
        }),
      })),
    );
    return rows.length;
  });
}
