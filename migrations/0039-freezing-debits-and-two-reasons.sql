-- A freeze of debits lets money in. Without a value, a frozen account is frozen whole, as the version before has it.
-- The reason that staff write is for staff; customers are told another one, if any.

alter table ledger_accounts add column frozen_what text;
alter table ledger_accounts add constraint ledger_accounts_frozen_what_check
  check (frozen_what = any ('{debits,all}'::text[])) not valid;
grant update (frozen_what) on ledger_accounts to florin_app;

alter table accounts add column customer_reason text;
alter table accounts add constraint accounts_customer_reason_check
  check (length(customer_reason) between 1 and 500) not valid;
