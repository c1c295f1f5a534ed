-- Every row keeps to the checks of the migration before.
alter table loan_events validate constraint loan_events_kind;
alter table loan_terms validate constraint loan_terms_reason;
