-- Rates that terms refer to, each from a date on.
create table reference_rates (
  book_id int not null references books,
  reference_code text not null check (reference_code ~ '^[A-Z][A-Z0-9._-]{0,29}$'),
  valid_from date not null,
  rate_ppm bigint not null check (rate_ppm between -10000000 and 10000000),
  set_by text not null check (length(set_by) between 1 and 100),
  set_at timestamptz not null,
  primary key (book_id, reference_code, valid_from)
);

-- What an account has earned and owes since its last posting. The state is exact; the amounts are what it comes to in
-- minor units, which is in the books. Written by whoever holds the account's own row.
create table interest_positions (
  book_id int not null references books,
  account_id uuid not null,
  -- The first day of the posting period.
  period_from date not null,
  accrued_through date not null,
  -- The last line of the account that was counted.
  seq bigint not null check (seq >= 0),
  state jsonb not null check (jsonb_typeof(state) = 'object'),
  -- The overdraft limits since the first day, as the end of each day found them.
  limits jsonb not null check (jsonb_typeof(limits) = 'array'),
  -- Earned: a liability of the bank. Below zero, it is charged.
  credit_minor bigint not null,
  -- Owed on overdrafts: a claim of the bank.
  debit_minor bigint not null,
  primary key (book_id, account_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  constraint interest_positions_dates check (accrued_through >= period_from - 1)
);

-- What was posted of a period, and the differences that were posted for it later.
create table interest_postings (
  book_id int not null references books,
  account_id uuid not null,
  -- 1, 2, 3 … of the account.
  posting_number int not null check (posting_number > 0),
  period_from date not null,
  period_to date not null,
  is_correction boolean not null,
  credit_minor bigint not null,
  arranged_minor bigint not null,
  unarranged_minor bigint not null,
  -- The parts of the tax that was withheld, by name.
  tax jsonb not null check (jsonb_typeof(tax) = 'array'),
  credit_entry_id uuid,
  debit_entry_id uuid,
  tax_entry_id uuid,
  primary key (book_id, account_id, posting_number),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, credit_entry_id) references journal_entries,
  foreign key (book_id, debit_entry_id) references journal_entries,
  foreign key (book_id, tax_entry_id) references journal_entries,
  constraint interest_postings_period check (period_to >= period_from)
);

grant select, insert on reference_rates, interest_postings to florin_app;
grant update (rate_ppm, set_by, set_at) on reference_rates to florin_app;
grant select, insert, update on interest_positions to florin_app;

alter table reference_rates enable row level security;
create policy own_book on reference_rates to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table interest_positions enable row level security;
create policy own_book on interest_positions to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table interest_postings enable row level security;
create policy own_book on interest_postings to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- Entries and transactions of two more kinds.
alter table journal_entries
  add constraint journal_entries_kind_known check (kind = any ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,interest_accrual,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_accrual,loan_loss,loan_recovery,opening_balance,reversal}'::text[])) not valid,
  drop constraint journal_entries_kind_check;
alter table transactions
  add constraint transactions_type_is_known check (type = any ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_recovery,opening_balance,reversal}'::text[])) not valid,
  drop constraint transactions_type_known;

-- Lines of the chart, in every currency that a book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select b.book_id, line.code, line.name, line.class from books b cross join (values
    ('1300', 'Interest receivable on overdrafts', 'asset'),
    ('2600', 'Interest payable on deposits', 'liability'),
    ('2610', 'Withholding tax payable', 'liability'),
    ('4020', 'Interest income on overdrafts', 'income')) as line (code, name, class);
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'gl_accounts', '{1300,2600,2610,4020}' from books;

with opened as (
  insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
    select l.book_id, gen_random_uuid(), 'internal', line.code, l.currency from ledger_accounts l
    cross join (values ('1300'), ('2600'), ('2610'), ('4020')) as line (code)
    where l.kind = 'internal' and l.gl_code = '1100'
    returning book_id, ledger_account_id
)
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'ledger_accounts', array_agg(ledger_account_id::text) from opened
  group by book_id;
