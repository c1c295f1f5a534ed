-- What the migration before wrote anew holds for the rows that were there, too.

alter table transactions validate constraint transactions_mode_check;
alter table transactions validate constraint transactions_type_check;
alter table journal_entries validate constraint journal_entries_kind_check;
alter table audit_log validate constraint audit_log_outcome_check;
alter table audit_log validate constraint audit_log_role_check;
alter table unsealed_rows validate constraint unsealed_rows_row_kind_check;
alter table ledger_accounts validate constraint ledger_accounts_kind_check;
alter table ledger_accounts validate constraint ledger_accounts_status_check;
