-- Which data key a book's secrets are sealed with: a value derived from the key, of no use without it.
create table data_keys (
  book_id int primary key references books,
  check_value bytea not null check (length(check_value) = 32),
  created_at timestamptz not null default now()
);

grant select, insert on data_keys to florin_app;

-- National ids are kept sealed (AES-256-GCM under the data key), with a keyed hash by which they are unique.
-- SQL has no key: the application seals what is still in plain text when it starts, and empties national_id.
alter table customers
  add column national_id_sealed bytea check (length(national_id_sealed) between 34 and 300),
  add column national_id_hash bytea check (length(national_id_hash) = 32),
  add constraint customers_national_id_whole check (
    num_nonnulls(national_id_sealed, national_id_hash) in (0, 2)),
  add unique (book_id, national_id_hash),
  -- Not judged of the rows that are there; no new plain text from now on.
  add constraint customers_national_id_sealed_only check (national_id is null) not valid;
