-- Failed logins are counted for the pair of address and account, for a device that is known, and for codes that were
-- wrong after a right password.
alter table login_attempts
  drop constraint login_attempts_kind_check,
  add constraint login_attempts_kind_check
    check (kind = any ('{account,address,overall,pair,device,code}'::text[])) not valid;

-- Programs from which a user has logged in, by a token of 256 random bits that is kept as its SHA-256.
create table known_devices (
  book_id int not null references books,
  device_hash bytea not null check (length(device_hash) = 32),
  user_id uuid not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  primary key (book_id, device_hash),
  foreign key (book_id, user_id) references users on delete cascade
);

create index known_devices_user on known_devices (book_id, user_id, last_used_at);

alter table known_devices enable row level security;
create policy own_book on known_devices to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update, delete on known_devices to florin_app;
