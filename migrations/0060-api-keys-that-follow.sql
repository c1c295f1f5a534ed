-- A key that follows another stands for the same caller: the first of them. Null for a first one, and for those of the
-- version before.
alter table api_keys add column client_id uuid;
alter table api_keys add constraint api_keys_client
  foreign key (book_id, client_id) references api_keys not valid;

-- A key that has a successor ends on a date.
grant update (expires_at) on api_keys to florin_app;
