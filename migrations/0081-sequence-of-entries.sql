-- The order in which entries were committed, as numbers that ascend: whoever has read up to a number misses nothing that
-- appears later. Numbers are given after the commit, by one process at a time, and stay. The row of the sequencer is that
-- of the sealer (audit_sealing), so that neither takes waiting rows away under the other.
create table sequenced_entries (
  book_id int not null,
  -- No reference: the ids are those that an entry's own transaction noted, and to check each again took as long as to
  -- write it. `florin verify` checks them all.
  entry_id uuid not null,
  sequence bigint not null check (sequence > 0),
  primary key (book_id, entry_id),
  unique (book_id, sequence)
);

grant select, insert on sequenced_entries to florin_app;

alter table sequenced_entries enable row level security;
create policy own_book on sequenced_entries to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- When the database wrote the row: after its transaction had all of its locks, and so in the order of their commits
-- wherever two wanted the same account. Empty in rows of the version before.
alter table unsealed_rows
  add column written_at timestamptz,
  add column is_sequenced boolean not null default false;
grant update (is_sequenced) on unsealed_rows to florin_app;

-- Up to which block, and up to which number. What no sequencer saw waiting is found in the blocks, the whole past among
-- it.
alter table audit_sealing
  add column sequenced_blocks bigint not null default 0,
  add column last_sequence bigint not null default 0;
