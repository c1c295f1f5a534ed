-- What the migration before wrote anew holds for the rows that were there, too.
alter table attachments validate constraint attachments_external_id_check;
alter table attachments validate constraint attachments_metadata_check;
