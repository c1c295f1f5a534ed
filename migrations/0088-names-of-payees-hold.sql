-- What the migration before wrote anew holds for the rows that were there, too.

alter table standing_orders validate constraint standing_orders_to_name_check;
