-- When interest of a customer bears no tax, on all accounts or on one. The whole list each time it is set: the last
-- revision counts, and those before it stay.
create table tax_exemptions (
  book_id int not null references books,
  customer_id uuid not null,
  revision int not null check (revision > 0),
  exemptions jsonb not null check (jsonb_typeof(exemptions) = 'array'),
  set_by text not null check (length(set_by) between 1 and 100),
  set_at timestamptz not null,
  primary key (book_id, customer_id, revision),
  foreign key (book_id, customer_id) references customers on delete cascade
);
alter table tax_exemptions enable row level security;
create policy own_book on tax_exemptions to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on tax_exemptions to florin_app;

-- The first day from which an account is to be counted again, whatever lines it has.
alter table interest_positions add column recount_from date;
