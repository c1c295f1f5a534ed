-- What the migration before wrote anew holds for the rows that were there, too.

alter table ledger_accounts validate constraint ledger_accounts_frozen_what_check;
alter table accounts validate constraint accounts_customer_reason_check;
