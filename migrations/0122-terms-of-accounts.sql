-- What the terms of a product make of an account: the balance that payments leave, the least first deposit, whether nobody
-- has used it for long, and what was said before it is closed.
alter table ledger_accounts add column minimum_minor bigint not null default 0;
alter table ledger_accounts add column opening_deposit_minor bigint not null default 0;
alter table accounts add column reactivated_on date;
alter table accounts add column closing_notice_on date;
alter table ledger_accounts
  add constraint ledger_accounts_status_known check (status = any ('{active,dormant,frozen,closed}'::text[])) not valid,
  add constraint ledger_accounts_minimum_minor_check check (minimum_minor >= 0) not valid,
  add constraint ledger_accounts_opening_deposit_minor_check check (opening_deposit_minor >= 0) not valid,
  drop constraint ledger_accounts_status_check;
grant update (minimum_minor) on ledger_accounts to florin_app;
