-- What the audit trail says of a person is sealed with this key and the data key together. It goes with the customer:
-- then nobody can read it any more, and the trail, which never changes, still verifies.
alter table customers
  add column trail_key bytea not null default uuid_send(gen_random_uuid()) check (length(trail_key) = 16);
