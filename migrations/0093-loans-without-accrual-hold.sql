-- Every row keeps to the check of the migration before.
alter table loan_events validate constraint loan_events_kind_known;
