-- How much a role may move, promise or lend on its own word: at once and on a day, in each currency, from a business
-- date on. Null: no limit. A currency without a row takes the strictest of the others.
create table role_limits (
  book_id int not null references books,
  role text not null check (role in ('teller')),
  currency text not null references currencies,
  valid_from date not null,
  per_transaction_minor bigint check (per_transaction_minor >= 0),
  per_day_minor bigint check (per_day_minor >= 0),
  set_by text not null check (length(set_by) between 1 and 100),
  set_at timestamptz not null,
  primary key (book_id, role, currency, valid_from)
);

-- What somebody with such a limit has used of it on a business date: the sum of what they moved, promised and lent,
-- less what they took back. It has no reference to the user, who may be deleted.
create table role_limit_uses (
  book_id int not null references books,
  actor text not null check (length(actor) between 1 and 100),
  business_date date not null,
  currency text not null references currencies,
  used_minor numeric(38) not null,
  primary key (book_id, actor, business_date, currency)
);

grant select, insert, update on role_limits, role_limit_uses to florin_app;

alter table role_limits enable row level security;
create policy own_book on role_limits to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table role_limit_uses enable row level security;
create policy own_book on role_limit_uses to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
