-- A customer who died: when, and that nothing but the estate is paid from the accounts that nobody alive owns.
alter table customers add column deceased_on date;
alter table customers add constraint customers_deceased_person
  check (deceased_on is null or type = 'person') not valid;
alter table customers add constraint customers_deceased_whole
  check (status <> 'deceased' or deceased_on is not null) not valid;
alter table customers add constraint customers_status_known
  check (status = any ('{active,deceased,closed}'::text[])) not valid;
alter table customers drop constraint customers_status_check;

alter table ledger_accounts add column is_estate boolean not null default false;
grant update (is_estate) on ledger_accounts to florin_app;

-- Of a user whose access ended with the report of a death: it comes back when the report is withdrawn.
alter table users add column disabled_for text;
alter table users add constraint users_disabled_for_check
  check (disabled_for = any ('{customer_deceased}'::text[])) not valid;

-- Why staff did it, for staff: what a statement shows is the description.
alter table transactions add column reason text;
alter table transactions add constraint transactions_reason_check
  check (length(reason) between 1 and 500) not valid;

-- A payment that waits when its payer dies stays in the bank.
alter table outgoing_payments add column held_for text;
alter table outgoing_payments add constraint outgoing_payments_held_for_check
  check (held_for = any ('{customer_deceased}'::text[])) not valid;
grant update (held_for) on outgoing_payments to florin_app;
