-- Statements of an account as they were sent: numbered 1, 2, 3, … without a gap, each from the day after the one before.
-- They are written once. Their lines are kept as they read then: a name that is changed later is not changed in them.
create table account_statements (
  book_id integer not null references books,
  statement_id uuid not null,
  account_id uuid not null,
  statement_number integer not null check (statement_number > 0),
  from_on date not null,
  to_on date not null,
  -- The lines of the account after the first and up to the second sequence number.
  seq_before bigint not null check (seq_before >= 0),
  last_seq bigint not null,
  opening_minor bigint not null,
  closing_minor bigint not null,
  -- Whom and what it is for, as of then: bank, holder, address, numbers.
  head jsonb not null check (jsonb_typeof(head) = 'object'),
  actor text not null check (length(actor) between 1 and 100),
  made_at timestamptz not null,
  primary key (book_id, statement_id),
  unique (book_id, account_id, statement_number),
  foreign key (book_id, account_id) references accounts (book_id, account_id) on delete cascade,
  constraint account_statements_period check (from_on <= to_on),
  constraint account_statements_lines check (last_seq >= seq_before)
);
alter table account_statements enable row level security;
create policy own_book on account_statements to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on account_statements to florin_app;

-- Up to 1,000 lines of a statement: JSON, compressed (gzip).
create table account_statement_pages (
  book_id integer not null references books,
  statement_id uuid not null,
  page_number integer not null check (page_number > 0),
  seq_before bigint not null check (seq_before >= 0),
  last_seq bigint not null,
  lines bytea not null check (length(lines) > 0),
  primary key (book_id, statement_id, page_number),
  foreign key (book_id, statement_id) references account_statements (book_id, statement_id) on delete cascade,
  constraint account_statement_pages_lines check (last_seq > seq_before)
);
alter table account_statement_pages enable row level security;
create policy own_book on account_statement_pages to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on account_statement_pages to florin_app;
