-- What the bank gave back in place of an account that is closed, and claims of its customer: a line of the chart in
-- every currency that a book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '1310', 'Claims on customers for credits taken back', 'asset' from books
  on conflict do nothing;
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'gl_accounts', '{1310}' from books;

with opened as (
  insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
    select l.book_id, gen_random_uuid(), 'internal', '1310', l.currency from ledger_accounts l
    where l.kind = 'internal' and l.gl_code = '1100' and not exists (
      select from ledger_accounts other
      where other.book_id = l.book_id and other.gl_code = '1310' and other.currency = l.currency)
    returning book_id, ledger_account_id
)
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'ledger_accounts', array_agg(ledger_account_id::text) from opened
  group by book_id;

alter table incoming_payments add column is_claim boolean not null default false;
alter table incoming_payments add constraint incoming_payments_claim_check
  check (not is_claim or return_entry_id is not null) not valid;
grant update (is_claim) on incoming_payments to florin_app;
