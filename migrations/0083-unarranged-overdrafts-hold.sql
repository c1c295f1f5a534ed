-- What the migration before wrote anew holds for the rows that were there, too.
alter table ledger_accounts validate constraint ledger_accounts_unarranged_minor_check;
alter table ledger_accounts validate constraint ledger_accounts_balance_above_lowest;
