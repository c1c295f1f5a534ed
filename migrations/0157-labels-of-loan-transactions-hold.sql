-- What the migration before wrote anew holds for the rows that were there, too.
alter table loan_events validate constraint loan_events_external_id_check;
alter table loan_events validate constraint loan_events_metadata_check;
