-- What clients put on loan products. A column that is null costs nothing.
alter table loan_products add column external_id text;
alter table loan_products add column metadata jsonb;
alter table loan_products add constraint loan_products_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table loan_products add constraint loan_products_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;
