-- Money that was paid ahead of a loan's next instalment, until it falls due; and its line of the chart, in every
-- currency that a book keeps. The version before pays nothing ahead.
alter table loans
  add column paid_ahead_minor bigint not null default 0,
  add constraint loans_paid_ahead check (paid_ahead_minor >= 0) not valid;

grant update (paid_ahead_minor) on loans to florin_app;

insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '2450', 'Loan instalments paid ahead', 'liability' from books;

insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
  select l.book_id, gen_random_uuid(), 'internal', '2450', l.currency from ledger_accounts l
  where l.kind = 'internal' and l.gl_code = '1100';
