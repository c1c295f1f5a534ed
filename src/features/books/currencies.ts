import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { insertProducts } from '#features/products/contract.ts';
import { openInternalAccounts } from '#ledger/internal-accounts.ts';
import type { InternalAccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { firstProducts, INTERNAL_LINES } from './chart-of-accounts.ts';

/** Opens the bank's own ledger accounts and its first products in a currency that the book does not keep yet. */
export async function openCurrency(
  tx: Tx,
  { bookId, ids }: Pick<Context, 'bookId' | 'ids'>,
  currency: Currency,
): Promise<void> {
  const accounts = INTERNAL_LINES.map((glCode) => ({
    id: ids.next() as InternalAccountId,
    glCode,
    currency,
  }));
  await openInternalAccounts(tx, bookId, accounts);
  await insertProducts(tx, bookId, firstProducts(currency));
}
