-- What clients put on what they create: the id in their own systems, and texts by name. Null where there are none.
alter table transactions add column external_id text;
alter table transactions add column metadata jsonb;
alter table transactions add constraint transactions_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table transactions add constraint transactions_metadata_check
  check (jsonb_typeof(metadata) = 'object') not valid;

alter table holds add column external_id text;
alter table holds add column metadata jsonb;
alter table holds add constraint holds_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table holds add constraint holds_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;

alter table incoming_payments add column external_id text;
alter table incoming_payments add column metadata jsonb;
alter table incoming_payments add constraint incoming_payments_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table incoming_payments add constraint incoming_payments_metadata_check
  check (jsonb_typeof(metadata) = 'object') not valid;

alter table beneficiaries add column external_id text;
alter table beneficiaries add column metadata jsonb;
alter table beneficiaries add constraint beneficiaries_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table beneficiaries add constraint beneficiaries_metadata_check
  check (jsonb_typeof(metadata) = 'object') not valid;

alter table standing_orders add column metadata jsonb;
alter table standing_orders add constraint standing_orders_metadata_check
  check (jsonb_typeof(metadata) = 'object') not valid;

alter table loans add column metadata jsonb;
alter table loans add constraint loans_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;
