-- Outside a transaction.
-- The index by age is of use to what forgets old keys, and to nothing else. Before there are statistics a look-up by a
-- whole key could be planned on it as well, with the book alone, and a plan is kept. So it has a condition, which is
-- always true, and which only that statement states.
drop index concurrently if exists idempotency_keys_by_age;
create index concurrently idempotency_keys_by_age on idempotency_keys (book_id, created_at) where created_at > '-infinity';
drop index concurrently if exists idempotency_keys_created_at;
