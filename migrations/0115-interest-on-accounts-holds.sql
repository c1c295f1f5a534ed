-- What the migration before wrote anew holds for the rows that were there, too.
alter table journal_entries validate constraint journal_entries_kind_known;
alter table transactions validate constraint transactions_type_is_known;
