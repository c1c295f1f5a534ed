import type pg from 'pg';
import { accountUuidSql } from './account-ids.ts';

/** One account in so many has an order that is due. */
export const ACCOUNTS_AN_ORDER = 10;

/**
 * Gives every tenth account of a filled book an order to pay the next account 1.00 today, and every month. The bank
 * does business on every day of the week, so that today is one.
 */
export async function fillStandingOrders(client: pg.Client, accounts: number): Promise<void> {
  const order = `('01a00000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  await client.query(`update books set weekend_days = '{}' where book_id = 1`);
  await client.query(
    `insert into standing_orders (book_id, standing_order_id, account_id, to_account_id, amount_minor, currency,
       frequency, anchor_day, start_on, next_due_on)
     select 1, ${order}, ${accountUuidSql(`(n * ${ACCOUNTS_AN_ORDER})`)},
       ${accountUuidSql(`(n * ${ACCOUNTS_AN_ORDER} - 1)`)}, 100, 'EUR', 'monthly',
       extract(day from b.business_date)::int, b.business_date, b.business_date
     from generate_series(1, $1::int) as n join books b on b.book_id = 1`,
    [Math.floor(accounts / ACCOUNTS_AN_ORDER)],
  );
  await client.query('vacuum (analyze) standing_orders');
}
