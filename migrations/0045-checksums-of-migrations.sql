-- What ran is compared with its file: SHA-256 of the text.

alter table schema_migrations add column checksum text;
alter table schema_migrations add constraint schema_migrations_checksum_check check (checksum ~ '^[0-9a-f]{64}$') not valid;
