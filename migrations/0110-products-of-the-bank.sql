-- Products that the bank defines: terms by version, each from a date on, and never changed. A product without a version
-- has none but what stands on its own row, as all had before.
create table product_terms (
  book_id int not null references books,
  product_code text not null,
  currency text not null,
  -- 1, 2, 3 … of the product in its currency.
  version int not null check (version > 0),
  effective_on date not null,
  -- Whether accounts that were opened before it follow it too.
  applies_to text not null check (applies_to in ('all_accounts', 'new_accounts')),
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  created_by text not null check (length(created_by) between 1 and 100),
  created_at timestamptz not null,
  primary key (book_id, product_code, currency, version),
  foreign key (book_id, product_code, currency) references products
);
grant select, insert on product_terms to florin_app;
alter table product_terms enable row level security;
create policy own_book on product_terms to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- The lines of the chart that a product posts to, where they are not the usual ones; and from when on it is offered.
alter table products
  add column offered_from date,
  add column accounting jsonb not null default '{}',
  add constraint products_accounting_check check (jsonb_typeof(accounting) = 'object') not valid,
  add constraint products_kind_known check (kind in ('current', 'savings', 'term_deposit', 'recurring_deposit'))
    not valid,
  drop constraint products_kind_check;
grant update (name, status) on products to florin_app;
