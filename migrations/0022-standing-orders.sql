-- What a customer has the bank pay again and again. It goes with the account that pays, and its executions with it.
create table standing_orders (
  book_id int not null references books,
  standing_order_id uuid not null,
  account_id uuid not null,
  -- The payee: an account of this bank, an IBAN, a beneficiary (with whom the order goes), or an account of another
  -- bank by its bank's code and number.
  to_account_id uuid,
  to_iban text check (to_iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  to_beneficiary_id uuid,
  to_bank text check (length(to_bank) between 1 and 35),
  to_account_number text check (length(to_account_number) between 1 and 35),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null references currencies,
  frequency text not null check (frequency in ('weekly', 'monthly', 'quarterly', 'yearly')),
  -- The day of the month, kept through short months; the ISO weekday if weekly.
  anchor_day int not null check (anchor_day between 1 and 31),
  start_on date not null,
  end_on date,
  -- The first due date that was not tried yet; none when nothing more falls due.
  next_due_on date,
  status text not null default 'active' check (status in ('active', 'paused', 'ended', 'cancelled')),
  description text check (length(description) between 1 and 500),
  reference text check (length(reference) between 1 and 140),
  purpose text check (length(purpose) between 1 and 35),
  external_id text check (length(external_id) between 1 and 100),
  version int not null default 1 check (version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (book_id, standing_order_id),
  unique (book_id, external_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, to_account_id, currency)
    references ledger_accounts (book_id, ledger_account_id, currency),
  foreign key (book_id, to_beneficiary_id) references beneficiaries on delete cascade,
  constraint standing_orders_one_payee check (
    num_nonnulls(to_account_id, to_iban, to_beneficiary_id, to_account_number) = 1
    and (to_bank is null) = (to_account_number is null)),
  constraint standing_orders_two_accounts check (to_account_id <> account_id),
  constraint standing_orders_weekday check (frequency <> 'weekly' or anchor_day <= 7),
  constraint standing_orders_end check (end_on >= start_on),
  constraint standing_orders_next_due check (
    (status in ('active', 'paused')) = (next_due_on is not null) and next_due_on >= start_on
    and (end_on is null or next_due_on <= end_on))
);

create index standing_orders_account on standing_orders (book_id, account_id, standing_order_id);
create index standing_orders_beneficiary on standing_orders (book_id, to_beneficiary_id)
  where to_beneficiary_id is not null;
create index standing_orders_due on standing_orders (book_id, next_due_on, standing_order_id)
  where status = 'active';

-- What became of each due date, once. With too little money it is tried again, on next_attempt_on.
create table standing_order_executions (
  book_id int not null references books,
  standing_order_id uuid not null,
  due_on date not null,
  status text not null check (status in ('paid', 'retrying', 'failed')),
  attempts int not null check (attempts between 0 and 3),
  -- The business date of the last attempt.
  attempted_on date not null,
  next_attempt_on date,
  -- Why the last attempt was refused.
  failure_code text check (length(failure_code) between 1 and 100),
  -- The journal entry and the transaction of the payment.
  transaction_id uuid,
  created_at timestamptz not null default now(),
  primary key (book_id, standing_order_id, due_on),
  foreign key (book_id, standing_order_id) references standing_orders on delete cascade,
  foreign key (book_id, transaction_id) references journal_entries,
  constraint standing_order_executions_outcome check (
    (status = 'paid') = (transaction_id is not null) and (status = 'paid') = (failure_code is null)
    and (status = 'retrying') = (next_attempt_on is not null) and next_attempt_on > attempted_on)
);

create unique index standing_order_executions_transaction
  on standing_order_executions (book_id, transaction_id) where transaction_id is not null;
create index standing_order_executions_retrying
  on standing_order_executions (book_id, next_attempt_on, standing_order_id, due_on) where status = 'retrying';

grant select, insert, delete on standing_orders, standing_order_executions to florin_app;
grant update (amount_minor, end_on, next_due_on, status, description, reference, version, updated_at)
  on standing_orders to florin_app;
grant update (status, attempts, attempted_on, next_attempt_on, failure_code, transaction_id)
  on standing_order_executions to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['standing_orders', 'standing_order_executions']
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
