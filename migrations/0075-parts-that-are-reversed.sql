-- A transaction may be reversed in parts: the first reversal of an entry has no number, as those that are there; the next
-- has 2. The version before reverses wholes only, and shows a transaction once for each part that servers of this one took
-- back beside it.
alter table journal_entries add column reversal_number int;
alter table journal_entries add constraint journal_entries_reversal_number_check
  check (reversal_number is null or reversal_number > 1 and reverses_entry_id is not null) not valid;
