-- What was lent at the end of each closed date, by product and by days past due.
create table end_of_day_loans (
  book_id int not null references books,
  business_date date not null,
  loan_product_id uuid not null,
  bucket text not null check (bucket in ('current', 'days1To30', 'days31To60', 'days61To90', 'over90')),
  loans int not null check (loans > 0),
  principal_minor bigint not null,
  interest_minor bigint not null,
  fees_minor bigint not null,
  penalties_minor bigint not null,
  -- What is overdue of all of these.
  arrears_minor bigint not null,
  -- What is set aside for losses, and what the products want set aside.
  provision_minor bigint not null,
  required_minor bigint not null,
  primary key (book_id, business_date, loan_product_id, bucket),
  foreign key (book_id, loan_product_id) references loan_products
);

grant select, insert on end_of_day_loans to florin_app;

alter table end_of_day_loans enable row level security;
create policy own_book on end_of_day_loans to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
