-- What the migration before wrote anew holds for the rows that were there, too.

alter table standing_orders validate constraint standing_orders_every_check;
alter table standing_orders validate constraint standing_orders_every_unit_check;
alter table standing_orders validate constraint standing_orders_business_days_check;
alter table standing_orders validate constraint standing_orders_failures_check;
alter table standing_orders validate constraint standing_orders_suspended_for_check;
alter table standing_orders validate constraint standing_orders_status_check;
alter table standing_orders validate constraint standing_orders_next_due;
