-- Every row keeps to the check of the migration before.
alter table loans validate constraint loans_officer;
