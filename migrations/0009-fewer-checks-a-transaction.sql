-- A transaction's book is that of its journal entry and of its account, both of which it refers to: a third check
-- of the same row of books said nothing new, and was a twentieth of what PostgreSQL does for a transfer.
alter table transactions drop constraint transactions_book_id_fkey;
