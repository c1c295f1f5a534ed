-- Books whose payments may cost a fee: read with the date, so that a book without fees pays nothing for them.
create table charged_books (
  book_id int primary key references books
);
grant select, insert on charged_books to florin_app;
alter table charged_books enable row level security;
create policy own_book on charged_books to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- What accounts were charged, owe, or did not have to pay, with the facts that it follows from.
create table account_fees (
  book_id int not null references books,
  fee_id uuid not null,
  account_id uuid not null,
  -- The terms that it follows from, and the fee in them.
  product_code text not null,
  currency text not null,
  terms_version int not null,
  fee_code text not null check (length(fee_code) between 1 and 30),
  name text not null check (length(name) between 1 and 100),
  tax_name text check (length(tax_name) between 1 and 60),
  event text not null check (event = any ('{withdrawal,transfer,outgoing_payment,card,standing_order_failed,statement_copy,dormancy,monthly,yearly}'::text[])),
  -- The business date on which it arose.
  business_date date not null,
  -- Of an event: its number among those of the account, the fee and the month.
  month_on date check (extract(day from month_on) = 1),
  event_number int check (event_number > 0),
  -- Of a date: which one.
  due_on date,
  -- The payment that it is for, or the TypeID of what else it is about.
  payment_entry_id uuid,
  about text check (length(about) between 1 and 40),
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  fee_minor bigint not null check (fee_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  status text not null check (status = any ('{not_charged,due,charged,waived,refunded}'::text[])),
  -- Why it costs nothing.
  not_charged text check (not_charged = any ('{free,nothing,lowest_balance,average_balance,salary,age_below,age_from,first_months}'::text[])),
  -- The entry that charged it: that of the payment, or one of its own. And the one that gave it back.
  entry_id uuid,
  refund_entry_id uuid,
  -- Who waived it or gave it back, when and why.
  decided_by text check (length(decided_by) between 1 and 100),
  decided_at timestamptz,
  reason text check (length(reason) between 1 and 500),
  primary key (book_id, fee_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, product_code, currency, terms_version) references product_terms,
  foreign key (book_id, payment_entry_id) references journal_entries,
  foreign key (book_id, entry_id) references journal_entries,
  foreign key (book_id, refund_entry_id) references journal_entries,
  constraint account_fees_once check ((month_on is null) = (event_number is null) and (month_on is null) <> (due_on is null)),
  constraint account_fees_not_charged check ((status = 'not_charged') = (not_charged is not null)
    and (status = 'not_charged') = (fee_minor + tax_minor = 0)),
  constraint account_fees_charged check ((status in ('charged', 'refunded')) = (entry_id is not null)),
  constraint account_fees_refunded check ((status = 'refunded') = (refund_entry_id is not null)),
  constraint account_fees_decided check ((status in ('waived', 'refunded')) = (decided_by is not null)
    and (decided_by is null) = (decided_at is null) and (decided_by is null) = (reason is null))
);
create unique index account_fees_events on account_fees (book_id, account_id, fee_code, month_on, event_number)
  where event_number is not null;
create unique index account_fees_dates on account_fees (book_id, account_id, fee_code, due_on) where due_on is not null;
create index account_fees_account on account_fees (book_id, account_id, fee_id);
create index account_fees_due on account_fees (book_id, account_id) where status = 'due';
create index account_fees_payment on account_fees (book_id, payment_entry_id) where payment_entry_id is not null;

-- The lines of the journal that charged fees, or gave them back.
create table fee_lines (
  book_id int not null,
  entry_id uuid not null,
  line int not null,
  -- Of account_fees, which goes with its account; the line of the journal stays.
  fee_id uuid not null,
  part text not null check (part in ('fee', 'tax')),
  primary key (book_id, entry_id, line),
  foreign key (book_id, entry_id, line) references postings
);
create index fee_lines_fee on fee_lines (book_id, fee_id);

grant select, insert on account_fees, fee_lines to florin_app;
grant update (status, entry_id, refund_entry_id, decided_by, decided_at, reason) on account_fees to florin_app;

alter table account_fees enable row level security;
create policy own_book on account_fees to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table fee_lines enable row level security;
create policy own_book on fee_lines to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- A line of the chart for the tax on fees, in every currency that a book keeps.
insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '2620', 'Tax on fees payable', 'liability' from books
  on conflict do nothing;
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'gl_accounts', '{2620}' from books;

with opened as (
  insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
    select l.book_id, gen_random_uuid(), 'internal', '2620', l.currency from ledger_accounts l
    where l.kind = 'internal' and l.gl_code = '1100' and not exists (
      select from ledger_accounts other
      where other.book_id = l.book_id and other.gl_code = '2620' and other.currency = l.currency)
    returning book_id, ledger_account_id
)
insert into changed_rows (book_id, change_id, table_name, row_keys)
  select book_id, gen_random_uuid(), 'ledger_accounts', array_agg(ledger_account_id::text) from opened
  group by book_id;
