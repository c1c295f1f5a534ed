-- The bank makes lines of its chart itself, in groups. A line that others name as their parent is a group: nothing is
-- posted to it. Null: by hand, and as a control line, as the program says of the lines that it brings along.
alter table gl_accounts
  add column parent_code text,
  add column is_group boolean not null default false,
  add column manual_posting boolean,
  add column is_control boolean,
  add column retired boolean not null default false,
  add column version int not null default 1;

alter table gl_accounts
  add constraint gl_accounts_code_known check (gl_code ~ '^[0-9]{1,10}$') not valid,
  add constraint gl_accounts_control_is_not_manual check (not (is_control and manual_posting)) not valid,
  add constraint gl_accounts_parent_fkey foreign key (book_id, parent_code) references gl_accounts not valid,
  drop constraint gl_accounts_gl_code_check;

grant update (name, class, parent_code, is_group, manual_posting, retired, version) on gl_accounts to florin_app;

-- Where the result of a year goes when it is closed, in every currency that a book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '3100', 'Retained earnings', 'equity' from books;
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'gl_accounts', '{3100}' from books;

with opened as (
  insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
    select l.book_id, gen_random_uuid(), 'internal', '3100', l.currency from ledger_accounts l
    where l.kind = 'internal' and l.gl_code = '1100'
    returning book_id, ledger_account_id
)
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'ledger_accounts', array_agg(ledger_account_id::text) from opened
  group by book_id;
