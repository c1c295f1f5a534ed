-- The keys that sign access tokens. Every process of a bank signs with the same one: the public part stands in
-- clear, the private part is encrypted under the data key.
create table signing_keys (
  book_id int not null references books,
  kid text not null check (kid ~ '^[A-Za-z0-9_-]{43}$'),
  -- 1, 2, …: two processes that make the next key at once make the same number, and one of them gives way.
  number int not null check (number > 0),
  public_jwk jsonb not null check (jsonb_typeof(public_jwk) = 'object' and not public_jwk ? 'd'),
  private_key bytea not null check (length(private_key) between 32 and 1024),
  created_at timestamptz not null,
  -- Published from its creation, used from here: whoever keeps a copy of the public keys has it by then.
  active_from timestamptz not null,
  -- When the last token it signed has expired; null while no key has followed it.
  retires_at timestamptz,
  primary key (book_id, kid),
  unique (book_id, number),
  constraint signing_keys_in_order check (active_from >= created_at and retires_at > active_from)
);

-- Of services. The secret is random and 256 bits long, so that its plain SHA-256 gives nothing away.
create table api_keys (
  book_id int not null references books,
  api_key_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  prefix text not null check (prefix ~ '^[0-9a-f]{12}$'),
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_by text not null check (length(created_by) between 1 and 100),
  created_at timestamptz not null,
  primary key (book_id, api_key_id),
  unique (book_id, prefix),
  constraint api_keys_scopes check (cardinality(scopes) between 1 and 50 and array_position(scopes, null) is null),
  constraint api_keys_lifetime check (expires_at > created_at)
);

grant select, insert, delete on signing_keys to florin_app;
grant update (retires_at) on signing_keys to florin_app;
-- What a key may do never changes: another key does that.
grant select, insert on api_keys to florin_app;
grant update (last_used_at, revoked_at) on api_keys to florin_app;
