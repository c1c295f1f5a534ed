import { noteChanged } from '#db/changed-rows.ts';
import { DatabaseStartError } from '#db/check-server.ts';
import type { Context } from '#db/context.ts';
import { assertDataKey } from '#db/data-key-check.ts';
import type { Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { inTransaction } from '#db/transaction.ts';
import { selectBelievableNowMs } from '#ledger/believable-clock.ts';
import { findNationalForm, firstSerial } from '#lib/account-numbers/account-numbers.ts';
import { assert } from '#lib/assert.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { dateAt, type IsoDate } from '#lib/time/dates.ts';
import { CHART_OF_ACCOUNTS, GROUP_LINES } from './chart-of-accounts.ts';
import { openCurrency } from './currencies.ts';

/** Currencies that a new book keeps; a manager adds others. */
const FIRST_CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'CZK', 'JPY', 'KWD'] as Currency[];

export type NewBook = {
  readonly name: string;
  /** ISO 3166-1 alpha-2; with the bank code it gives account numbers and IBANs their form. */
  readonly country: string;
  readonly bankCode: string;
  /** IANA name: whose midnight ends the business date. */
  readonly timeZone: string;
};

export type Book = NewBook & { readonly bookId: number; readonly businessDate: IsoDate };

/** The book as it is, or undefined before it is opened. */
async function findBook({ db, bookId }: Context): Promise<Book | undefined> {
  return db
    .selectFrom('books')
    .select(columns('books', ['book_id', 'name', 'country', 'bank_code', 'time_zone', 'business_date']))
    .where('book_id', '=', bookId)
    .executeTakeFirst();
}

/**
 * Opens the context's book with its chart, the bank's own ledger accounts and its first products, unless it is
 * there; an existing book stays as it is. Returns whether it was opened now. Throws DatabaseStartError when the
 * context's data key is not the one the book was opened with.
 */
export async function openBook(context: Context, book: NewBook): Promise<boolean> {
  const isNew = await inTransaction(context.db, async (tx) => {
    const inserted = await tx
      .insertInto('books')
      .values({
        book_id: context.bookId,
        name: book.name,
        country: book.country,
        bank_code: book.bankCode,
        time_zone: book.timeZone,
        business_date: dateAt(await selectBelievableNowMs(tx, context.clock), book.timeZone),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return false;
    await furnishBook(tx, context, book.country);
    return true;
  });
  await assertDataKey(context);
  return isNew;
}

/** Throws DatabaseStartError `no_bank` when the context's book is not there; also when it has another data key. */
export async function assertBookOpened(context: Context): Promise<void> {
  if ((await findBook(context)) === undefined) {
    const why = context.isReadOnly === true ? ' without FLORIN_READ_ONLY=on' : '';
    throw new DatabaseStartError(`no bank in this database: \`florin serve\`${why} opens one`, {
      code: 'no_bank',
    });
  }
  await assertDataKey(context);
}

async function furnishBook(tx: Tx, { bookId, ids }: Context, country: string): Promise<void> {
  await tx
    .insertInto('gl_accounts')
    .values(
      CHART_OF_ACCOUNTS.map(({ glCode, name, class: accountClass }) => ({
        book_id: bookId,
        gl_code: glCode,
        name,
        class: accountClass,
        is_group: GROUP_LINES.includes(glCode),
      })),
    )
    .execute();
  const codes = CHART_OF_ACCOUNTS.map(({ glCode }) => glCode);
  await noteChanged(tx, bookId, 'books', ['book']);
  await noteChanged(tx, bookId, 'gl_accounts', codes);
  const form = findNationalForm(country);
  assert(form !== undefined, 'a new book is of a country whose account numbers are known');
  const firstNumber = { book_id: bookId, next_number: firstSerial(form) };
  await tx.insertInto('account_numbers').values(firstNumber).execute();
  for (const currency of FIRST_CURRENCIES) await openCurrency(tx, { bookId, ids }, currency);
}
