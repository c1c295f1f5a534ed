-- Outside a transaction.
-- Of two reversals of an entry that did not see each other, one is refused, whichever version makes it.
drop index concurrently if exists journal_entries_reversals;
create unique index concurrently journal_entries_reversals on journal_entries (book_id, reverses_entry_id, reversal_number) nulls not distinct where reverses_entry_id is not null;
drop index concurrently if exists journal_entries_reversed_once;
