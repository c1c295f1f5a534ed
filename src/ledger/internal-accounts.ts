import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { InternalAccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { InternalAccount } from './entry.ts';
import { isDryRun } from './posting-notes.ts';

/** The bank's own ledger account of each line of the chart, one for each currency. Read once: they never change. */
export class InternalAccounts {
  readonly #bookId: number;
  readonly #byKey = new Map<string, InternalAccount>();
  #loading: Promise<void> | undefined;

  constructor(bookId: number) {
    this.#bookId = bookId;
  }

  /** The account for a line of the chart and a currency; undefined if the book does not keep the currency. */
  async find(db: Db, glCode: string, currency: Currency): Promise<InternalAccount | undefined> {
    const known = this.#byKey.get(glCode + currency);
    if (known !== undefined) return known;
    // One that a dry run opened is gone with it.
    if (isDryRun())
      return (await this.#read(db)).find((one) => one.glCode === glCode && one.currency === currency);
    // The first deposits after a start come together, and one read serves them all.
    this.#loading ??= this.#load(db).finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
    return this.#byKey.get(glCode + currency);
  }

  async #load(db: Db): Promise<void> {
    for (const row of await this.#read(db)) this.#byKey.set(row.glCode + row.currency, row);
  }

  #read(db: Db): Promise<InternalAccount[]> {
    return (
      db
        .selectFrom('ledger_accounts')
        .select((eb) => [
          eb.ref('ledger_account_id').$castTo<InternalAccountId>().as('id'),
          'currency',
          'gl_code as glCode',
        ])
        .where('book_id', '=', this.#bookId)
        // A literal: only then does the index on these few accounts serve.
        .where('kind', '=', sql.lit('internal' as const))
        .execute()
    );
  }
}

/** Opens the bank's own ledger accounts for lines of the chart in one currency. */
export async function openInternalAccounts(
  tx: Tx,
  bookId: number,
  accounts: readonly InternalAccount[],
): Promise<void> {
  if (accounts.length === 0) return;
  await tx
    .insertInto('ledger_accounts')
    .values(
      accounts.map(({ id, glCode, currency }) => ({
        book_id: bookId,
        ledger_account_id: id,
        kind: 'internal',
        gl_code: glCode,
        currency,
      })),
    )
    .execute();
  const ids = accounts.map(({ id }) => id);
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

/** The currencies that a book keeps: those in which the bank has ledger accounts of its own. */
export async function selectKeptCurrencies(db: Db, bookId: number): Promise<ReadonlySet<Currency>> {
  const rows = await db
    .selectFrom('ledger_accounts')
    .select('currency')
    .distinct()
    .where('book_id', '=', bookId)
    .where('kind', '=', 'internal')
    .execute();
  return new Set(rows.map(({ currency }) => currency));
}
