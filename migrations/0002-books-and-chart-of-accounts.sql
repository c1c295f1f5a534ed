-- A book is a self-balancing set of accounts with its own customers, chart and business date: one bank.
-- book_id leads every key of every table below.
create table books (
  book_id int primary key check (book_id > 0),
  name text not null check (name <> ''),
  country text not null check (country ~ '^[A-Z]{2}$'),
  bank_code text not null check (bank_code ~ '^[A-Z0-9]{1,20}$'),
  time_zone text not null default 'UTC',
  -- The date that entries are booked on. It only moves forward.
  business_date date not null,
  -- calendar: the date follows the clock in the book's time zone; manual: it moves when told to.
  date_policy text not null default 'calendar' check (date_policy in ('calendar', 'manual')),
  retention_years int not null default 10 check (retention_years between 0 and 100),
  -- The next account number to give out is kept apart (account_numbers): this row is shared by every posting.
  created_at timestamptz not null default now()
);

create table gl_accounts (
  book_id int not null references books,
  gl_code text not null check (gl_code ~ '^[0-9]{4}$'),
  name text not null check (name <> ''),
  class text not null check (class in ('asset', 'liability', 'equity', 'income', 'expense')),
  primary key (book_id, gl_code)
);

grant select, insert on books, gl_accounts to florin_app;
grant update (name, business_date, date_policy) on books to florin_app;
