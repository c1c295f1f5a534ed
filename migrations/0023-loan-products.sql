-- The terms on which a bank lends. A product is never changed: what was lent on it was lent on these terms.
create table loan_products (
  book_id int not null references books,
  loan_product_id uuid not null,
  name text not null check (length(name) between 1 and 140),
  currency text not null references currencies,
  -- Ranges, defaults and conditions as the API shows them, amounts and rates as decimal text.
  conditions jsonb not null check (jsonb_typeof(conditions) = 'object'),
  created_at timestamptz not null,
  primary key (book_id, loan_product_id),
  constraint loan_products_name_once unique (book_id, name)
);

grant select, insert on loan_products to florin_app;

alter table loan_products enable row level security;
create policy own_book on loan_products to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
