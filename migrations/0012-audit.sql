-- Who did what, from where, to which resource. One row a mutation or login, written in its transaction. Fields are
-- picked by an allow-list a resource: no secret and no full national id comes here, and no money (that is the
-- journal's).
create table audit_log (
  -- No reference to books: a row is written in the transaction of what it is about, whose rows refer to the book,
  -- and row-level security holds the application to its own. The check of it was a quarter of writing a row.
  book_id int not null,
  -- UUIDv7 of the very instant `at`: rows by id are rows by time.
  audit_id uuid not null,
  at timestamptz not null,
  -- A user's or API key's TypeID; cli, demo, import, start for who works beside the API; anonymous for who tried to
  -- log in.
  actor text not null check (length(actor) between 1 and 100),
  role text not null check (role in ('admin', 'manager', 'teller', 'auditor', 'customer', 'service', 'operator',
    'anonymous')),
  session_id uuid,
  address text check (length(address) between 1 and 64),
  -- Bounded by the length beside it: a bound in the expression ({0,99}) took ten times as long.
  operation text not null check (operation ~ '^[a-zA-Z][a-zA-Z0-9_.]*$' and length(operation) <= 100),
  resource_type text not null check (resource_type ~ '^[a-z][a-z0-9_]*$' and length(resource_type) <= 50),
  -- The TypeID, as the outside knows it. Not a reference: the row outlives what it is about.
  resource_id text check (length(resource_id) between 1 and 100),
  before jsonb check (jsonb_typeof(before) = 'object'),
  after jsonb check (jsonb_typeof(after) = 'object'),
  request_id text check (length(request_id) between 1 and 100),
  outcome text not null default 'done' check (outcome in ('done', 'refused')),
  -- Why, where it was refused.
  outcome_code text check (length(outcome_code) between 1 and 100),
  primary key (book_id, audit_id),
  constraint audit_log_refusal_has_code check ((outcome = 'refused') = (outcome_code is not null))
);

create index audit_log_actor on audit_log (book_id, actor, audit_id);
create index audit_log_resource on audit_log (book_id, resource_id, audit_id) where resource_id is not null;

-- Which rows wait to be sealed: the ids that one statement wrote, in a row written with them and taken away with the
-- block that seals them. So a row is seen when its transaction commits, however long that was open, and nobody has to
-- look for it. A row of the trail that no block has and that does not wait here came in by another way.
create table unsealed_rows (
  book_id int not null,
  unsealed_id uuid not null,
  row_kind text not null check (row_kind in ('audit', 'entry')),
  row_ids uuid[] not null check (cardinality(row_ids) between 1 and 2000),
  primary key (book_id, unsealed_id)
);

-- A block seals rows, and by the hash of the block before it all that came earlier. It lists them by position: audit
-- rows first, then journal entries, each by ascending id; row_hashes has 32 bytes for each, in that order. A row that
-- commits late is in a later block. docs/audit-format.md says what the hashes are over.
create table audit_blocks (
  book_id int not null references books,
  block_number bigint not null check (block_number > 0),
  -- Positions are 1, 2, 3, … without a gap over all blocks.
  first_position bigint not null check (first_position > 0),
  last_position bigint not null,
  audit_ids uuid[] not null,
  entry_ids uuid[] not null,
  row_hashes bytea not null,
  merkle_root bytea not null check (length(merkle_root) = 32),
  previous_hash bytea not null check (length(previous_hash) = 32),
  block_hash bytea not null check (length(block_hash) = 32),
  sealed_at timestamptz not null,
  primary key (book_id, block_number),
  unique (book_id, first_position),
  constraint audit_blocks_rows check (
    cardinality(audit_ids) + cardinality(entry_ids) = last_position - first_position + 1
    and length(row_hashes) = 32 * (last_position - first_position + 1)),
  constraint audit_blocks_not_empty check (last_position >= first_position)
);

-- Hashes and random ids do not get smaller: no attempt is made.
alter table audit_blocks
  alter column audit_ids set storage external,
  alter column entry_ids set storage external,
  alter column row_hashes set storage external;

-- The row that the one sealer of a book locks.
create table audit_sealing (
  book_id int primary key references books
);

-- What is there already waits like everything else.
insert into unsealed_rows (book_id, unsealed_id, row_kind, row_ids)
select book_id, gen_random_uuid(), 'entry', array_agg(entry_id)
from (
  select book_id, entry_id, (row_number() over (partition by book_id order by entry_id) - 1) / 2000 as part
  from journal_entries
) as entries
group by book_id, part;

-- Append only: no update, no delete, for the sealer neither. What waits is taken away once it is sealed.
grant select, insert on audit_log, audit_blocks to florin_app;
grant select, insert, delete on unsealed_rows to florin_app;
grant select, insert, update on audit_sealing to florin_app;
