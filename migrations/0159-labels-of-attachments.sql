-- What clients put on orders of courts and authorities. A column that is null costs nothing.
alter table attachments add column external_id text;
alter table attachments add column metadata jsonb;
alter table attachments add constraint attachments_external_id_check
  check (length(external_id) between 1 and 100) not valid;
alter table attachments add constraint attachments_metadata_check check (jsonb_typeof(metadata) = 'object') not valid;
