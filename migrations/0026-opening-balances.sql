-- What a book owned before it was kept here: the other side of balances that are brought in. In every currency that a
-- book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '3900', 'Opening balances brought in', 'equity' from books;

insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
  select l.book_id, gen_random_uuid(), 'internal', '3900', l.currency from ledger_accounts l
  where l.kind = 'internal' and l.gl_code = '1100';

alter table journal_entries drop constraint journal_entries_kind_check;
alter table journal_entries add constraint journal_entries_kind_check check (kind in ('deposit', 'withdrawal',
  'transfer', 'incoming_payment', 'outgoing_payment', 'interest', 'penalty_interest', 'fee', 'loan_disbursement',
  'loan_repayment', 'loan_accrual', 'loan_loss', 'loan_recovery', 'opening_balance', 'reversal'));
