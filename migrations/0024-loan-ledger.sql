-- Where the ledger keeps what is lent: principal, and what is receivable of interest, fees and penalty interest; what
-- is set aside for losses; and what all of it earns and costs. The loans themselves are the accounts behind these
-- lines. In every currency that a book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select b.book_id, line.gl_code, line.name, line.class from books b
  cross join (values
    ('1200', 'Loans to customers', 'asset'),
    ('1210', 'Interest receivable on loans', 'asset'),
    ('1220', 'Fees receivable on loans', 'asset'),
    ('1230', 'Penalty interest receivable on loans', 'asset'),
    ('1290', 'Allowance for loan losses', 'asset'),
    ('4010', 'Penalty interest income', 'income'),
    ('4200', 'Recoveries of loans written off', 'income'),
    ('5100', 'Loan losses and provisions', 'expense')) as line (gl_code, name, class);

insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
  select l.book_id, gen_random_uuid(), 'internal', line.gl_code, l.currency from ledger_accounts l
  cross join (values ('1200'), ('1210'), ('1220'), ('1230'), ('1290'), ('4010'), ('4200'), ('5100'))
    as line (gl_code)
  where l.kind = 'internal' and l.gl_code = '1100';

alter table journal_entries drop constraint journal_entries_kind_check;
alter table journal_entries add constraint journal_entries_kind_check check (kind in ('deposit', 'withdrawal',
  'transfer', 'incoming_payment', 'outgoing_payment', 'interest', 'penalty_interest', 'fee', 'loan_disbursement',
  'loan_repayment', 'loan_accrual', 'loan_loss', 'loan_recovery', 'reversal'));

alter table transactions drop constraint transactions_type_check;
alter table transactions add constraint transactions_type_check check (type in ('deposit', 'withdrawal',
  'transfer', 'incoming_payment', 'outgoing_payment', 'interest', 'penalty_interest', 'fee', 'loan_disbursement',
  'loan_repayment', 'loan_recovery', 'reversal'));
