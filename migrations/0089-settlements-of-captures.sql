-- What was captured of holds is settled with the acquirer: once, by an entry over many. A settlement names no person, and
-- stays when the holds are gone.
create table capture_settlements (
  book_id int not null references books,
  settlement_id uuid not null,
  currency text not null references currencies,
  -- Below zero where more was taken back than captured: the acquirer pays.
  amount_minor bigint not null,
  item_count int not null check (item_count > 0),
  reference text check (length(reference) between 1 and 140),
  -- The entry that moved the amount; none where it comes to nothing.
  entry_id uuid,
  settled_on date not null,
  -- What was captured before this date is settled, by this or an earlier one.
  open_from date not null,
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  created_at timestamptz not null,
  primary key (book_id, settlement_id),
  foreign key (book_id, entry_id) references journal_entries,
  constraint capture_settlements_entry check ((entry_id is null) = (amount_minor = 0))
);

create unique index capture_settlements_idempotency on capture_settlements (book_id, actor, idempotency_key);
create unique index capture_settlements_entry_once on capture_settlements (book_id, entry_id) where entry_id is not null;
create index capture_settlements_currency on capture_settlements (book_id, currency, settlement_id);

create table settled_captures (
  book_id int not null,
  -- The entry of a capture, or of what took a capture back.
  entry_id uuid not null,
  settlement_id uuid not null,
  -- Below zero for what took a capture back.
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (book_id, entry_id),
  foreign key (book_id, entry_id) references journal_entries,
  foreign key (book_id, settlement_id) references capture_settlements
);

create index settled_captures_settlement on settled_captures (book_id, settlement_id, entry_id);

alter table capture_settlements enable row level security;
create policy own_book on capture_settlements to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on capture_settlements to florin_app;
alter table settled_captures enable row level security;
create policy own_book on settled_captures to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on settled_captures to florin_app;
