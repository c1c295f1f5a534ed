-- Every row keeps to the check of the migration before.
alter table journal_entries validate constraint journal_entries_kind_is_one;
