-- Money set aside on an account: it stays in the balance and counts against what is available, until it is captured,
-- released or expired. held_minor of the ledger account is the sum of what remains of its active holds.
create table holds (
  book_id int not null references books,
  hold_id uuid not null,
  account_id uuid not null,
  currency text not null references currencies,
  amount_minor bigint not null check (amount_minor > 0),
  captured_minor bigint not null default 0,
  status text not null default 'active' check (status in ('active', 'captured', 'released', 'expired')),
  expires_at timestamptz,
  reference text check (length(reference) between 1 and 140),
  -- Whose it is to capture or release: what the bank set aside, a holder cannot take back.
  placed_by text not null check (placed_by in ('bank', 'holder')),
  placed_on date not null,
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (book_id, hold_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  constraint holds_captured_within_amount check (captured_minor between 0 and amount_minor),
  constraint holds_used_up_is_ended check (status <> 'active' or captured_minor < amount_minor),
  constraint holds_ended check ((status = 'active') = (ended_at is null)),
  constraint holds_expires_later check (expires_at > created_at)
);

create unique index holds_idempotency on holds (book_id, actor, idempotency_key);
create index holds_account on holds (book_id, account_id, hold_id);
-- What an account had set aside on a date.
create index holds_placed_on on holds (book_id, account_id, placed_on) include (amount_minor);
create index holds_overdue on holds (book_id, expires_at, hold_id)
  where status = 'active' and expires_at is not null;

-- What was taken out of a hold: each a transaction of the account.
create table hold_captures (
  book_id int not null,
  hold_id uuid not null,
  -- 1, 2, 3, …
  capture_number int not null check (capture_number > 0),
  transaction_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- Of the hold, up to and including this one.
  captured_minor bigint not null check (captured_minor >= amount_minor),
  -- Whether the hold ended with it.
  is_last boolean not null,
  created_at timestamptz not null,
  primary key (book_id, hold_id, capture_number),
  unique (book_id, transaction_id),
  foreign key (book_id, hold_id) references holds on delete cascade,
  foreign key (book_id, transaction_id) references journal_entries
);

grant select, insert on holds, hold_captures to florin_app;
grant update (captured_minor, status, ended_at) on holds to florin_app;

-- Where captured money waits for the merchant or the card scheme that it is owed to.
insert into gl_accounts (book_id, gl_code, name, class)
  select book_id, '2300', 'Captured holds to be settled', 'liability' from books;
insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
  select book_id, gen_random_uuid(), 'internal', '2300', currency
  from ledger_accounts where kind = 'internal' and gl_code = '1100';

do $$
declare
  table_name text;
begin
  foreach table_name in array array['holds', 'hold_captures']
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
