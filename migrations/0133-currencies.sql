-- Exchange rates by date: the price of a pair of a foreign currency and that of the bank.
create table exchange_rates (
  book_id int not null references books,
  -- The foreign one.
  currency text not null references currencies,
  valid_on date not null,
  -- Whether the foreign currency is the first of the pair: what one unit of it costs.
  is_direct boolean not null,
  -- In units of 10^-10 of the second currency of the pair.
  bid_e10 bigint not null check (bid_e10 > 0),
  ask_e10 bigint not null,
  mid_e10 bigint not null,
  set_by text not null check (length(set_by) between 1 and 100),
  set_at timestamptz not null,
  primary key (book_id, currency, valid_on),
  constraint exchange_rates_in_order check (bid_e10 <= mid_e10 and mid_e10 <= ask_e10)
);

-- Foreign currencies in which the bank has a position, and the line of the chart with what it stands for.
create table currency_positions (
  book_id int not null references books,
  currency text not null references currencies,
  equivalent_gl_code text not null,
  primary key (book_id, currency),
  unique (book_id, equivalent_gl_code),
  foreign key (book_id, equivalent_gl_code) references gl_accounts
);

-- Entries that turned money of one currency into another, and how. The amounts are those of the entry.
create table currency_conversions (
  book_id int not null references books,
  entry_id uuid not null,
  sold_currency text not null references currencies,
  sold_minor bigint not null check (sold_minor > 0),
  bought_currency text not null references currencies,
  bought_minor bigint not null check (bought_minor > 0),
  -- What it is worth in the bank's own currency.
  base_minor bigint not null check (base_minor >= 0),
  -- Which of the two amounts was given: the other one is rounded.
  fixed text not null check (fixed = any ('{sold,bought}'::text[])),
  rounding text not null check (rounding = any ('{half_even,half_up,down}'::text[])),
  source text not null check (source = any ('{given,table}'::text[])),
  pair text not null check (pair ~ '^[A-Z]{3}/[A-Z]{3}$'),
  rate_e10 bigint not null check (rate_e10 > 0),
  -- From the bank's own currency on, where neither of the two is.
  second_pair text check (second_pair ~ '^[A-Z]{3}/[A-Z]{3}$'),
  second_rate_e10 bigint check (second_rate_e10 > 0),
  primary key (book_id, entry_id),
  foreign key (book_id, entry_id) references journal_entries,
  constraint currency_conversions_of_two check (sold_currency <> bought_currency),
  constraint currency_conversions_second_rate check ((second_pair is null) = (second_rate_e10 is null))
);

-- What positions were worth at the end of each date, at its middle rate.
create table currency_revaluations (
  book_id int not null references books,
  business_date date not null,
  currency text not null references currencies,
  position_minor bigint not null,
  is_direct boolean not null,
  rate_e10 bigint not null check (rate_e10 > 0),
  -- From when the rate is.
  rate_on date not null,
  -- The book value before and after, in the bank's own currency.
  before_minor bigint not null,
  after_minor bigint not null,
  -- Nothing is posted where the value is as before.
  entry_id uuid,
  primary key (book_id, business_date, currency),
  foreign key (book_id, currency) references currency_positions,
  foreign key (book_id, entry_id) references journal_entries,
  constraint currency_revaluations_posted check ((before_minor = after_minor) = (entry_id is null)),
  constraint currency_revaluations_rate_known check (rate_on <= business_date)
);

alter table journal_entries
  add constraint journal_entries_kind_is_one check (kind = any ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,interest_accrual,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_accrual,loan_loss,loan_recovery,opening_balance,journal,year_end,revaluation,reversal}'::text[])) not valid,
  drop constraint journal_entries_kind_is_known;

alter table exchange_rates enable row level security;
create policy own_book on exchange_rates to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update (is_direct, bid_e10, ask_e10, mid_e10, set_by, set_at) on exchange_rates to florin_app;

alter table currency_positions enable row level security;
create policy own_book on currency_positions to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on currency_positions to florin_app;

alter table currency_conversions enable row level security;
create policy own_book on currency_conversions to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on currency_conversions to florin_app;

alter table currency_revaluations enable row level security;
create policy own_book on currency_revaluations to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on currency_revaluations to florin_app;

-- The lines of the chart, in every book and in every currency that it keeps.
create temporary table lines_of_currencies (gl_code text, name text, class text, is_group boolean) on commit drop;
insert into lines_of_currencies values
  ('1900', 'Positions in foreign currencies', 'asset', false),
  ('1910', 'Equivalents of positions', 'asset', true),
  ('4300', 'Exchange gains', 'income', false),
  ('5200', 'Exchange losses', 'expense', false);

insert into gl_accounts (book_id, gl_code, name, class, is_group)
  select b.book_id, l.gl_code, l.name, l.class, l.is_group from books b cross join lines_of_currencies l;
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'gl_accounts', '{1900,1910,4300,5200}' from books;

with opened as (
  insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
    select a.book_id, gen_random_uuid(), 'internal', l.gl_code, a.currency from ledger_accounts a
    cross join lines_of_currencies l
    where a.kind = 'internal' and a.gl_code = '1100' and not l.is_group
    returning book_id, ledger_account_id
)
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'ledger_accounts', array_agg(ledger_account_id::text) from opened
  group by book_id;
