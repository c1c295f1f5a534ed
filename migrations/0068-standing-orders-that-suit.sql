-- An order is paid every so many days, weeks, months or years, or once; on the due date's next business day, the one
-- before, or on the date itself. Without a value, the columns say what the version before has them do.

alter table standing_orders
  add column every_count int,
  add column every_unit text,
  add column business_days text,
  add column failures int not null default 0,
  add column suspended_for text;
alter table standing_orders add constraint standing_orders_every_check
  check ((every_count is null) = (every_unit is null) and every_count between 1 and 366) not valid;
alter table standing_orders add constraint standing_orders_every_unit_check
  check (every_unit = any ('{day,week,month,year,once}'::text[])) not valid;
alter table standing_orders add constraint standing_orders_business_days_check
  check (business_days = any ('{following,preceding,same}'::text[])) not valid;
alter table standing_orders add constraint standing_orders_failures_check check (failures >= 0) not valid;
alter table standing_orders add constraint standing_orders_suspended_for_check
  check (length(suspended_for) between 1 and 100) not valid;

alter table standing_orders drop constraint standing_orders_status_check;
alter table standing_orders add constraint standing_orders_status_check
  check (status = any ('{active,paused,suspended,ended,cancelled}'::text[])) not valid;
alter table standing_orders drop constraint standing_orders_next_due;
alter table standing_orders add constraint standing_orders_next_due
  check ((status = any ('{active,paused,suspended}'::text[])) = (next_due_on is not null)
    and next_due_on >= start_on and (end_on is null or next_due_on <= end_on)) not valid;

grant update (frequency, anchor_day, start_on, every_count, every_unit, business_days, failures, suspended_for)
  on standing_orders to florin_app;
