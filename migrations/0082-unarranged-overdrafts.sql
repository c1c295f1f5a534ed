-- How far an account is below its floor, because a mistaken credit was taken back that its holder had spent. Zero for all
-- others, which the second constraint then keeps above their floor as the first did. The first goes once the second holds.
alter table ledger_accounts add column unarranged_minor bigint not null default 0;
alter table ledger_accounts add constraint ledger_accounts_unarranged_minor_check
  check (unarranged_minor >= 0) not valid;
alter table ledger_accounts add constraint ledger_accounts_balance_above_lowest
  check (balance_minor - held_minor >= floor_minor - unarranged_minor) not valid;
grant update (unarranged_minor) on ledger_accounts to florin_app;
