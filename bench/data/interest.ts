import type pg from 'pg';

/** Terms with a tax in two parts, as a bank in Germany withholds it. */
const TERMS = {
  interest: {
    rate: '1.5',
    dayCount: 'actual/365',
    tax: [
      { name: 'Tax', percent: '25', rounding: 'down' },
      { name: 'Surcharge', percentOfTax: '5.5', rounding: 'down' },
    ],
    overdraft: { arrangedRate: '9.9', unarrangedRate: '14.9' },
  },
};

/**
 * Makes the accounts of a filled book bear interest from its open date on. Posted yearly or, to see what the end of a
 * month costs on any day, daily. The date is moved by hand from now on.
 */
export async function bearInterest(client: pg.Client, posting: 'daily' | 'yearly'): Promise<void> {
  await client.query(`update books set date_policy = 'manual' where book_id = 1`);
  await client.query(
    `insert into product_terms (book_id, product_code, currency, version, effective_on, applies_to, terms, created_by,
       created_at)
     select p.book_id, p.product_code, p.currency, 1, b.business_date, 'all_accounts', $1::jsonb, 'bench', now()
     from products p join books b on b.book_id = p.book_id`,
    [JSON.stringify({ ...TERMS, interest: { ...TERMS.interest, posting } })],
  );
}
