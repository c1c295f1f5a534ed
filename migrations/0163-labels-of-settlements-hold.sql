-- What the migration before wrote anew holds for the rows that were there, too.
alter table capture_settlements validate constraint capture_settlements_external_id_check;
alter table capture_settlements validate constraint capture_settlements_metadata_check;
