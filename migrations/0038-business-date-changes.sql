-- The last change of the business date by hand, so that it can be taken back while nothing is dated after.
create table business_date_changes (
  book_id int primary key references books,
  date_before date not null,
  policy_before text not null check (policy_before in ('calendar', 'manual')),
  date_set date not null,
  actor text not null check (length(actor) between 1 and 100),
  changed_at timestamptz not null,
  constraint business_date_changes_go_on check (date_set >= date_before)
);

grant select, insert, update, delete on business_date_changes to florin_app;

alter table business_date_changes enable row level security;
create policy own_book on business_date_changes to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
