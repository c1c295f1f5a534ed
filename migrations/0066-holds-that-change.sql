-- A hold can be raised, lowered and extended; what it was placed as is kept for a repeated request. A capture may take
-- a little more than was held, as far as the product allows, or more and later where a manager forces it.

alter table holds
  add column version int not null default 1,
  add column first_amount_minor bigint,
  add column first_expires_at timestamptz;
alter table holds add constraint holds_version_check check (version > 0) not valid;
alter table holds add constraint holds_first_amount_minor_check check (first_amount_minor > 0) not valid;
alter table holds drop constraint holds_captured_within_amount;
alter table holds add constraint holds_captured_minor_check check (captured_minor >= 0) not valid;
grant update (amount_minor, expires_at, version, first_amount_minor, first_expires_at) on holds to florin_app;

alter table hold_captures
  add column hold_minor bigint,
  add column is_forced boolean not null default false;
alter table hold_captures add constraint hold_captures_hold_minor_check check (hold_minor > 0) not valid;

alter table products add column capture_tolerance_percent int not null default 0;
alter table products add constraint products_capture_tolerance_percent_check
  check (capture_tolerance_percent between 0 and 100) not valid;
grant update (capture_tolerance_percent) on products to florin_app;
