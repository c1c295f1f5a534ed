import { type RawBuilder, sql } from 'kysely';
import { rowWith } from '#db/row-with.ts';
import { customerName, customerPlace, type PostalPlace } from '#features/customers/contract.ts';

/** Whose an account is, and by what others know it. */
export type AccountParty = {
  readonly name: string;
  readonly place: PostalPlace | null;
  readonly iban: string | null;
  readonly number: string;
};

/** Whose the account of a row is; null once it is gone. `row` is the row's name in SQL. */
export function accountParty(row: RawBuilder<unknown>): RawBuilder<AccountParty | null> {
  return sql`(
    select json_build_object('name', ${customerName(sql`own`)}, 'place', ${customerPlace(sql`own`)},
      'iban', own.iban, 'number', own.number)
    from ${rowWith('accounts', 'account_id', sql`${row}.account_id`, sql`${row}.book_id`)} own)`;
}
