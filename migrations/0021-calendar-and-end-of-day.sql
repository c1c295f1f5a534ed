-- A book's own calendar, and how far its dates are closed. The row is locked by every posting (shared) and, for a
-- moment, by whoever closes a date.
alter table books
  -- ISO weekdays, 1 Monday to 7 Sunday, on which the bank does no business.
  add column weekend_days int[] not null default '{6,7}'
    check (weekend_days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(weekend_days) <= 6),
  -- No entry is booked on this date or before it any more; null before the first end of day.
  add column closed_through date,
  add constraint books_open_date_is_not_closed check (closed_through < business_date);

grant update (weekend_days, closed_through) on books to florin_app;

-- Somebody waits for the book's row, to close its date. PostgreSQL lets those who share a row pass by who waits to
-- change it: who posts sees this row and holds the next batch back, until it is gone or has expired.
create table closing_requests (
  book_id int primary key references books,
  expires_at timestamptz not null
);

create table holidays (
  book_id int not null references books,
  holiday_on date not null,
  name text not null check (length(name) between 1 and 100),
  primary key (book_id, holiday_on)
);

-- The closing of a date, one a date: the steps below it, in order, each as far as it has come.
create table end_of_day_runs (
  book_id int not null references books,
  business_date date not null,
  status text not null default 'running' check (status in ('running', 'failed', 'completed')),
  actor text not null check (length(actor) between 1 and 100),
  started_at timestamptz not null,
  completed_at timestamptz,
  failure_code text check (length(failure_code) between 1 and 100),
  failure_message text check (length(failure_message) between 1 and 1000),
  primary key (book_id, business_date),
  constraint end_of_day_runs_completed_at check ((status = 'completed') = (completed_at is not null)),
  constraint end_of_day_runs_failure
    check ((status = 'failed') = (failure_code is not null) and (failure_code is null) = (failure_message is null))
);

-- Whoever works on a step locks its row for one chunk; what the chunk did and how far it came commit together.
create table end_of_day_steps (
  book_id int not null references books,
  business_date date not null,
  step_number int not null check (step_number > 0),
  name text not null check (name ~ '^[a-z][a-z-]{0,49}$'),
  status text not null default 'pending' check (status in ('pending', 'running', 'completed')),
  -- Where the next chunk begins; what it says is the step's own.
  position text,
  processed bigint not null default 0 check (processed >= 0),
  -- What came of it, by outcome.
  counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
  completed_at timestamptz,
  primary key (book_id, business_date, step_number),
  foreign key (book_id, business_date) references end_of_day_runs,
  constraint end_of_day_steps_completed_at check ((status = 'completed') = (completed_at is not null))
);

-- The balance of a ledger account at the end of a date on which it moved. The latest one up to a date is the
-- balance of that date: an account that rests has no row.
create table end_of_day_balances (
  book_id int not null references books,
  business_date date not null,
  ledger_account_id uuid not null,
  balance_minor bigint not null,
  -- The sequence number that the account had come to; null for the bank's own.
  seq bigint check (seq > 0),
  primary key (book_id, business_date, ledger_account_id),
  foreign key (book_id, ledger_account_id) references ledger_accounts
);

create index end_of_day_balances_account on end_of_day_balances (book_id, ledger_account_id, business_date);

-- The balance of each line of the chart at the end of a date, of all lines that were ever posted to.
create table end_of_day_totals (
  book_id int not null references books,
  business_date date not null,
  gl_code text not null,
  currency text not null references currencies,
  balance_minor numeric(38) not null,
  primary key (book_id, business_date, gl_code, currency),
  foreign key (book_id, gl_code) references gl_accounts
);

grant select, insert, update, delete on holidays, closing_requests to florin_app;
grant select, insert on end_of_day_runs, end_of_day_steps to florin_app;
grant update (status, completed_at, failure_code, failure_message) on end_of_day_runs to florin_app;
grant update (status, position, processed, counts, completed_at) on end_of_day_steps to florin_app;
-- A closed date does not change.
grant select, insert on end_of_day_balances, end_of_day_totals to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['closing_requests', 'holidays', 'end_of_day_runs', 'end_of_day_steps', 'end_of_day_balances',
    'end_of_day_totals']
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
