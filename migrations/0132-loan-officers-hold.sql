-- The rows that were there have roles of before.
alter table users validate constraint users_role_is_known;
alter table audit_log validate constraint audit_log_role_is_known;
