-- Rows that decide about money, or about who may move it, and that a transaction has changed: the sealer takes a
-- fingerprint of each and removes them from here. A key is the row's primary key without the book, as text.
create table changed_rows (
  book_id int not null,
  change_id uuid not null,
  table_name text not null check (table_name ~ '^[a-z][a-z_]*$'),
  row_keys text[] not null check (cardinality(row_keys) between 1 and 2000),
  primary key (book_id, change_id)
);

-- A sheet of fingerprints that were taken together. An audit row has its hash, and so the chain of blocks covers it.
create table state_sheets (
  book_id int not null references books,
  -- 1, 2, 3 … without gaps.
  sheet_number bigint not null check (sheet_number > 0),
  salt bytea not null check (length(salt) = 16),
  sealed_at timestamptz not null,
  primary key (book_id, sheet_number)
);

-- The fingerprint of a row as it was; null for one that was gone. The last of each key is what the row must be now.
-- The empty key says that all rows of the table have been taken up.
create table sealed_states (
  book_id int not null,
  sheet_number bigint not null,
  table_name text not null check (table_name ~ '^[a-z][a-z_]*$'),
  row_key text not null,
  -- The rows that this one goes with, in the order in which the bank names them.
  parent_ids uuid[] not null,
  fingerprint bytea check (length(fingerprint) = 32),
  primary key (book_id, table_name, row_key, sheet_number),
  foreign key (book_id, sheet_number) references state_sheets
);

create index sealed_states_sheet on sealed_states (book_id, sheet_number);

-- How far the rows that were there before have been taken up.
create table state_sealing (
  book_id int not null references books,
  -- Not before: until then a server of the version before may change rows without noting it.
  starts_at timestamptz,
  table_name text,
  last_key text,
  primary key (book_id)
);

insert into state_sealing (book_id, starts_at) select book_id, now() + interval '1 hour' from books;

grant select, insert, delete on changed_rows to florin_app;
grant select, insert on state_sheets, sealed_states to florin_app;
grant select, insert, update on state_sealing to florin_app;

alter table changed_rows enable row level security;
create policy own_book on changed_rows to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table state_sheets enable row level security;
create policy own_book on state_sheets to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table sealed_states enable row level security;
create policy own_book on sealed_states to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table state_sealing enable row level security;
create policy own_book on state_sealing to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
