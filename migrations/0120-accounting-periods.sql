-- Up to which date nothing more is dated, in the bank's books: but for managers' entries by hand, and for anybody. They
-- stand on the book's row because every posting holds it: whoever closes a period waits for those under way.
alter table books
  add column soft_closed_to date,
  add column hard_closed_to date;
grant update (soft_closed_to, hard_closed_to) on books to florin_app;

-- The months of the books that were closed, and how they stand.
create table accounting_periods (
  book_id int not null references books,
  -- Its first day.
  period_on date not null check (extract(day from period_on) = 1),
  status text not null check (status in ('soft_closed', 'hard_closed', 'open')),
  -- Who closed it, or reopened it, and why.
  actor text not null check (length(actor) between 1 and 100),
  changed_at timestamptz not null,
  reason text check (length(reason) between 1 and 500),
  primary key (book_id, period_on),
  constraint accounting_periods_reopened_for_a_reason check (status <> 'open' or reason is not null)
);

-- The balances of a closed month as they were when it was closed, credits minus debits.
create table accounting_period_balances (
  book_id int not null,
  period_on date not null,
  gl_code text not null,
  currency text not null references currencies,
  balance_minor numeric(38, 0) not null,
  primary key (book_id, period_on, gl_code, currency),
  foreign key (book_id, period_on) references accounting_periods,
  foreign key (book_id, gl_code) references gl_accounts
);

-- Years whose result was carried over, by which entry.
create table accounting_years (
  book_id int not null references books,
  year int not null check (year between 1800 and 9999),
  status text not null check (status in ('closed', 'open')),
  entry_id uuid,
  actor text not null check (length(actor) between 1 and 100),
  changed_at timestamptz not null,
  reason text check (length(reason) between 1 and 500),
  primary key (book_id, year),
  foreign key (book_id, entry_id) references journal_entries,
  constraint accounting_years_reopened_for_a_reason check (status <> 'open' or reason is not null)
);

alter table accounting_periods enable row level security;
create policy own_book on accounting_periods to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update (status, actor, changed_at, reason) on accounting_periods to florin_app;

alter table accounting_period_balances enable row level security;
create policy own_book on accounting_period_balances to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, delete on accounting_period_balances to florin_app;

alter table accounting_years enable row level security;
create policy own_book on accounting_years to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update (status, entry_id, actor, changed_at, reason) on accounting_years to florin_app;
