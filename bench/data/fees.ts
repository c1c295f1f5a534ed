import type pg from 'pg';

/** Which payments of a bank cost a fee: none, those of a product that no account is of, or all transfers. */
export const FEES = ['none', 'elsewhere', 'all'] as const;
export type Fees = (typeof FEES)[number];

const TERMS = JSON.stringify({ fees: [{ code: 'fee', name: 'Fee', event: 'transfer', amount: '0.01' }] });

/** Gives a bank its fees, as the API would have left them. */
export async function addFees(client: pg.Client, fees: Fees): Promise<void> {
  if (fees === 'none') return;
  const product = fees === 'all' ? 'current' : 'priced';
  if (fees === 'elsewhere') {
    await client.query(`
      insert into products (book_id, product_code, currency, kind, name, gl_code)
      values (1, '${product}', 'EUR', 'current', 'Priced', '2000')`);
  }
  await client.query(
    `insert into product_terms
       (book_id, product_code, currency, version, effective_on, applies_to, terms, created_by, created_at)
     select 1, '${product}', 'EUR', 1 + (
         select count(*) from product_terms where book_id = 1 and product_code = '${product}' and currency = 'EUR'),
       business_date, 'all_accounts', $1::jsonb, 'bench', now()
     from books where book_id = 1`,
    [TERMS],
  );
  await client.query('insert into charged_books (book_id) values (1)');
}
