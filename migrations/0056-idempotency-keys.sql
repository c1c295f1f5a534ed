-- The keys of requests that leave no journal entry: the journal has those of the others. Together they are one name
-- space for each client, so that a key stands for one request, whichever operation that was.
create table idempotency_keys (
  book_id int not null references books,
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  operation text not null check (operation ~ '^[a-zA-Z]+$' and length(operation) <= 100),
  request_hash bytea not null check (length(request_hash) = 32),
  -- The first answer, sealed under the data key. Without one the operation answers a repetition from its own rows, or
  -- the answer spoke of somebody who is gone.
  answer bytea,
  -- The customers and accounts that the answer speaks of: it goes with them.
  about uuid[] not null default '{}',
  created_at timestamptz not null,
  primary key (book_id, actor, idempotency_key),
  constraint idempotency_keys_about check (array_position(about, null) is null)
);

-- Keys are forgotten by age.
create index idempotency_keys_created_at on idempotency_keys (book_id, created_at);

grant select, insert, delete on idempotency_keys to florin_app;
grant update (answer) on idempotency_keys to florin_app;

alter table idempotency_keys enable row level security;
create policy own_book on idempotency_keys to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

insert into idempotency_keys (book_id, actor, idempotency_key, operation, request_hash, created_at)
select book_id, actor, idempotency_key, 'placeHold', request_hash, created_at from holds
where created_at > now() - interval '30 days'
union all
select book_id, actor, idempotency_key, 'postBatch', request_hash, created_at from transaction_batches
where created_at > now() - interval '30 days'
union all
select e.book_id, e.actor, e.idempotency_key, 'actOnLoan', e.request_hash, e.created_at from loan_events e
where e.idempotency_key is not null and e.entry_id is null and e.created_at > now() - interval '30 days'
on conflict do nothing;
