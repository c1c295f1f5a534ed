-- Outside a transaction. Entries whose money counts from a later day on, which an end of day leaves out. Interest that is
-- posted counts from the next day on: it is never left out, and would be most of the index.
drop index concurrently if exists journal_entries_for_later;
create index concurrently journal_entries_for_later on journal_entries (book_id, value_date, entry_id)
  where value_date > business_date and kind <> 'interest' and kind <> 'withholding_tax';
