-- Every row has the default of the migration before.
alter table loans validate constraint loans_undisbursed_minor_check;
