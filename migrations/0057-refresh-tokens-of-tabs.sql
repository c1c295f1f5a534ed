-- Outside a transaction.
-- Two tabs of one user that refresh at the same moment go on from the same token: a session has as many unspent ones.
drop index concurrently if exists refresh_tokens_one_unspent;
