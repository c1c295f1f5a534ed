-- Who did what, from where, to which resource. One row a mutation or login, written in its transaction. Fields are
-- picked by an allow-list a resource: no secret and no full national id comes here, and no money (that is the
-- journal's).
create table audit_log (
  book_id int not null references books,
  audit_id uuid not null,
  at timestamptz not null,
  -- A user's or API key's TypeID, or cli, demo, import for who works beside the API.
  actor text not null check (length(actor) between 1 and 100),
  role text not null check (role in ('admin', 'manager', 'teller', 'auditor', 'customer', 'service', 'operator')),
  session_id uuid,
  address text check (length(address) between 1 and 64),
  operation text not null check (operation ~ '^[a-zA-Z][a-zA-Z0-9_.]{0,99}$'),
  resource_type text not null check (resource_type ~ '^[a-z][a-z0-9_]{0,49}$'),
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

create index audit_log_at on audit_log (book_id, at, audit_id);
create index audit_log_actor on audit_log (book_id, actor, at, audit_id);
create index audit_log_resource on audit_log (book_id, resource_id, at, audit_id) where resource_id is not null;

-- Which rows are sealed, each once, in which order. A row that commits late is sealed late: it takes the next
-- position whatever its id, and is not touched for it. docs/audit-format.md says what the hashes are over.
create table audit_sealed_rows (
  book_id int not null references books,
  -- 1, 2, 3, … without a gap.
  position bigint not null check (position > 0),
  row_kind text not null check (row_kind in ('audit', 'entry')),
  row_id uuid not null,
  row_hash bytea not null check (length(row_hash) = 32),
  primary key (book_id, position),
  unique (book_id, row_kind, row_id)
);

-- A block seals the rows of its positions, and by the hash of the block before it all that came earlier.
create table audit_blocks (
  book_id int not null references books,
  block_number bigint not null check (block_number > 0),
  first_position bigint not null check (first_position > 0),
  last_position bigint not null,
  row_count int not null check (row_count > 0),
  merkle_root bytea not null check (length(merkle_root) = 32),
  previous_hash bytea not null check (length(previous_hash) = 32),
  block_hash bytea not null check (length(block_hash) = 32),
  sealed_at timestamptz not null,
  primary key (book_id, block_number),
  unique (book_id, first_position),
  unique (book_id, last_position),
  foreign key (book_id, first_position) references audit_sealed_rows,
  foreign key (book_id, last_position) references audit_sealed_rows,
  constraint audit_blocks_row_count check (row_count = last_position - first_position + 1)
);

-- The row that the one sealer of a book locks. It also says how far the sweep for late rows has come: a hint,
-- with which nothing is lost when it is wrong.
create table audit_sealing (
  book_id int primary key references books,
  audit_swept_to uuid,
  entries_swept_to uuid
);

-- Append only: no update, no delete, for the sealer neither.
grant select, insert on audit_log, audit_sealed_rows, audit_blocks to florin_app;
grant select, insert on audit_sealing to florin_app;
grant update (audit_swept_to, entries_swept_to) on audit_sealing to florin_app;
