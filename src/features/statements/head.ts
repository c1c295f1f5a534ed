import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { type IssuingBankView, issuingBankView, selectBank } from '#features/books/contract.ts';
import { customerAddress, customerName } from '#features/customers/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { StatementHead } from './statement.ts';

export type HeadRow = {
  readonly accountNumber: string;
  readonly iban: string | null;
  readonly product: string;
  readonly holders: readonly string[];
  readonly address: readonly string[];
};

/** What a head says of account `a` and its product `p`. */
export const headColumns: RawBuilder<HeadRow> = sql`
  a.number as "accountNumber", a.iban, p.name as "product",
  array(
    select ${customerName(sql`h`)} from account_holders h
    where h.book_id = a.book_id and h.account_id = a.account_id and h.role in ('owner', 'joint')
    order by h.role = 'owner' desc, h.customer_id
  ) as holders,
  ${customerAddress(sql`a`)} as address`;

export const joinProduct: RawBuilder<unknown> = sql`
  join products p on p.book_id = a.book_id and p.product_code = a.product_code and p.currency = a.currency`;

export function headOf(
  { accountNumber: number, iban, product, holders, address }: HeadRow,
  bank: IssuingBankView,
): StatementHead {
  return { bank, number, iban, product, holders, address };
}

/** The head of an account that is there, as of now. */
export async function selectHead(db: Db, bookId: number, accountId: AccountId): Promise<StatementHead> {
  const bank = issuingBankView(await selectBank(db, bookId));
  const { rows } = await sql<HeadRow>`
    select ${headColumns} from accounts a ${joinProduct}
    where a.book_id = ${bookId} and a.account_id = ${accountId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new TypeError(`account ${accountId} is gone`);
  return headOf(row, bank);
}
