-- What clients put on what they do to loans. Few have it: a column that is null costs nothing.
alter table loan_events add column external_id text;
alter table loan_events add column metadata jsonb;
alter table loan_events add constraint loan_events_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table loan_events add constraint loan_events_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;
