-- What an account may pay at once, on a business date, and to new beneficiaries on a business date. Set for the bank
-- by currency, for a product, for an account: of each limit the most specific one that is set counts. Null is not
-- set. Nothing is counted here: what was paid today stands in the postings.
create table book_limits (
  book_id int not null references books,
  currency text not null references currencies,
  per_transaction_minor bigint check (per_transaction_minor >= 0),
  per_day_minor bigint check (per_day_minor >= 0),
  new_beneficiary_per_day_minor bigint check (new_beneficiary_per_day_minor >= 0),
  updated_at timestamptz not null,
  primary key (book_id, currency)
);

create table product_limits (
  book_id int not null references books,
  product_code text not null,
  currency text not null,
  per_transaction_minor bigint check (per_transaction_minor >= 0),
  per_day_minor bigint check (per_day_minor >= 0),
  new_beneficiary_per_day_minor bigint check (new_beneficiary_per_day_minor >= 0),
  updated_at timestamptz not null,
  primary key (book_id, product_code, currency),
  foreign key (book_id, product_code, currency) references products
);

create table account_limits (
  book_id int not null references books,
  account_id uuid not null,
  per_transaction_minor bigint check (per_transaction_minor >= 0),
  per_day_minor bigint check (per_day_minor >= 0),
  new_beneficiary_per_day_minor bigint check (new_beneficiary_per_day_minor >= 0),
  updated_at timestamptz not null,
  primary key (book_id, account_id),
  foreign key (book_id, account_id) references accounts on delete cascade
);

-- A book in which a limit was ever set: in any other, no payment is asked for its limits.
create table limited_books (
  book_id int primary key references books
);

-- Whether the beneficiary was in its cooling-off period then: it may be deleted since.
alter table beneficiary_payments add column was_new boolean not null default false;

grant select, insert, update on book_limits, product_limits, account_limits to florin_app;
grant select, insert on limited_books to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['book_limits', 'product_limits', 'account_limits', 'limited_books']
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
