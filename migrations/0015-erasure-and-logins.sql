-- The last attempt after which one was sent away unjudged: one of a wait is recorded, not each.
alter table login_attempts add column refused_attempt_at timestamptz;

-- Customers who are no more, by id alone: every process refuses their users' tokens, whose sessions went with them.
create table deleted_customers (
  book_id int not null references books,
  customer_id uuid not null,
  -- By the database's clock: who keeps the list of those of late asks by the same.
  deleted_at timestamptz not null default now(),
  primary key (book_id, customer_id)
);

create index deleted_customers_at on deleted_customers (book_id, deleted_at);

alter table deleted_customers enable row level security;
create policy own_book on deleted_customers to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on deleted_customers to florin_app;
