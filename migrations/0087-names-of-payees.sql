-- The payee of a standing order as the customer names it: each payment has it.

alter table standing_orders add column to_name text;
alter table standing_orders add constraint standing_orders_to_name_check
  check (length(to_name) between 1 and 140) not valid;
grant update (to_name) on standing_orders to florin_app;
