-- Outside a transaction.
-- Running deposits with instalments, which the end of a day looks through, and those that collect from an account.
drop index concurrently if exists deposits_with_instalments;
create index concurrently deposits_with_instalments on deposits (book_id, account_id)
  where instalment_minor is not null and status = 'active';
drop index concurrently if exists deposits_by_source;
create index concurrently deposits_by_source on deposits (book_id, collected_from_id)
  where collected_from_id is not null;
