-- When a hold was changed last; null where a version before this one did it.
alter table holds add column updated_at timestamptz;
grant update (updated_at) on holds to florin_app;
