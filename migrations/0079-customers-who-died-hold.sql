-- What the migration before wrote anew holds for the rows that were there, too.

alter table customers validate constraint customers_deceased_person;
alter table customers validate constraint customers_deceased_whole;
alter table customers validate constraint customers_status_known;
alter table users validate constraint users_disabled_for_check;
alter table transactions validate constraint transactions_reason_check;
alter table outgoing_payments validate constraint outgoing_payments_held_for_check;
