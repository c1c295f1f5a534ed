-- A line of the bank's own has no limit, as a customer's account has: its balance is a sum of any number of postings.
-- Safe beside the version before: only the end of the day reads and writes this table, in SQL alone, where the wider
-- type works the same. No request waits while the table is written anew.
alter table end_of_day_balances alter column balance_minor type numeric(38);
