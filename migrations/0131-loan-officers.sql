-- Officers who lend, and keep no counter. They neither approve nor pay out what they applied for.
alter table users drop constraint users_role_check;
alter table users add constraint users_role_is_known
  check (role in ('admin', 'manager', 'teller', 'loan-officer', 'auditor', 'customer')) not valid;
alter table audit_log drop constraint audit_log_role_check;
alter table audit_log add constraint audit_log_role_is_known
  check (role in ('admin', 'manager', 'teller', 'loan-officer', 'auditor', 'customer', 'service', 'operator', 'anonymous'))
  not valid;
