-- Every row keeps to the checks of the migration before.
alter table gl_accounts validate constraint gl_accounts_code_known;
alter table gl_accounts validate constraint gl_accounts_control_is_not_manual;
alter table gl_accounts validate constraint gl_accounts_parent_fkey;
