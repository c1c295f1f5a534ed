-- What the migration before wrote anew holds for the rows that were there, too.
alter table transactions validate constraint transactions_external_id_check;
alter table transactions validate constraint transactions_metadata_check;
alter table holds validate constraint holds_external_id_check;
alter table holds validate constraint holds_metadata_check;
alter table incoming_payments validate constraint incoming_payments_external_id_check;
alter table incoming_payments validate constraint incoming_payments_metadata_check;
alter table beneficiaries validate constraint beneficiaries_external_id_check;
alter table beneficiaries validate constraint beneficiaries_metadata_check;
alter table standing_orders validate constraint standing_orders_metadata_check;
alter table loans validate constraint loans_metadata_check;
