-- The constraint that takes its place holds for every row by now.
alter table ledger_accounts drop constraint ledger_accounts_balance_above_floor;
