-- What clients put on settlements of captures. A column that is null costs nothing.
alter table capture_settlements add column external_id text;
alter table capture_settlements add column metadata jsonb;
alter table capture_settlements add constraint capture_settlements_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table capture_settlements add constraint capture_settlements_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;
