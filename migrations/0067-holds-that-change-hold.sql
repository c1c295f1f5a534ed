-- What the migration before wrote anew holds for the rows that were there, too.

alter table holds validate constraint holds_version_check;
alter table holds validate constraint holds_first_amount_minor_check;
alter table holds validate constraint holds_captured_minor_check;
alter table hold_captures validate constraint hold_captures_hold_minor_check;
alter table products validate constraint products_capture_tolerance_percent_check;
