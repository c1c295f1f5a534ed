-- Data keys that were replaced, each sealed with the key in use: the trail cannot be sealed anew, and its rows and sheets
-- of fingerprints stay under the key of their time. Written by the owner alone, by `florin data-key rotate`.
create table former_data_keys (
  book_id integer not null references books,
  key_number integer not null check (key_number > 0),
  check_value bytea not null check (length(check_value) = 32),
  key_sealed bytea not null check (length(key_sealed) between 34 and 200),
  -- The last sheet of fingerprints that was taken under it.
  last_sheet_number bigint not null check (last_sheet_number >= 0),
  retired_at timestamptz not null,
  primary key (book_id, key_number)
);
alter table former_data_keys enable row level security;
create policy own_book on former_data_keys to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select on former_data_keys to florin_app;
