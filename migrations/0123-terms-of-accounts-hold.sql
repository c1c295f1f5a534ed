-- What the migration before wrote anew holds for the rows that were there, too.
alter table ledger_accounts validate constraint ledger_accounts_status_known;
alter table ledger_accounts validate constraint ledger_accounts_minimum_minor_check;
alter table ledger_accounts validate constraint ledger_accounts_opening_deposit_minor_check;
