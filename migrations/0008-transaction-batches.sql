-- Many movements in one request, under one key. The answer of each item stands here as it was given, in order:
-- a transaction, or the code of its refusal.
create table transaction_batches (
  book_id int not null references books,
  batch_id uuid not null,
  mode text not null check (mode in ('atomic', 'independent')),
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  transaction_ids uuid[] not null,
  refusal_codes text[] not null,
  created_at timestamptz not null default now(),
  primary key (book_id, batch_id),
  constraint transaction_batches_answers_every_item
    check (cardinality(transaction_ids) = cardinality(refusal_codes)),
  constraint transaction_batches_size check (cardinality(transaction_ids) between 1 and 10000)
);

create unique index transaction_batches_idempotency on transaction_batches (book_id, actor, idempotency_key);

-- No update, no delete: what was answered does not change.
grant select, insert on transaction_batches to florin_app;
