-- Who logs in: staff, and customers for themselves. A customer's user goes with the customer.
create table users (
  book_id int not null references books,
  user_id uuid not null,
  -- Normalised: trimmed, NFC, lower case.
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('admin', 'manager', 'teller', 'auditor', 'customer')),
  customer_id uuid,
  status text not null default 'active' check (status in ('active', 'disabled')),
  -- argon2id as a PHC string, which says its own parameters.
  password_hash text not null check (password_hash like '$argon2id$%'),
  -- Sealed under the data key. Until it is confirmed, no login asks for a code.
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  -- The 30-second step of the last code taken: no code counts twice (RFC 6238, 5.2).
  totp_last_step bigint,
  version int not null default 1 check (version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (book_id, user_id),
  unique (book_id, email),
  foreign key (book_id, customer_id) references customers on delete cascade,
  constraint users_customer_role check ((role = 'customer') = (customer_id is not null)),
  constraint users_totp_whole check (totp_confirmed_at is null or totp_secret is not null)
);

create index users_customer on users (book_id, customer_id);

-- One login, until it is revoked or expires. Its refresh tokens follow one another.
create table user_sessions (
  book_id int not null references books,
  session_id uuid not null,
  user_id uuid not null,
  address text check (length(address) <= 64),
  user_agent text check (length(user_agent) <= 200),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  -- By the database's clock: who keeps the list of revoked sessions asks by the same.
  revoked_at timestamptz,
  primary key (book_id, session_id),
  foreign key (book_id, user_id) references users on delete cascade
);

create index user_sessions_user on user_sessions (book_id, user_id);
create index user_sessions_revoked on user_sessions (book_id, revoked_at) where revoked_at is not null;

-- Opaque tokens of 256 random bits, kept as their SHA-256. The spent ones stay, to be known when they come again.
create table refresh_tokens (
  book_id int not null references books,
  token_hash bytea not null check (length(token_hash) = 32),
  session_id uuid not null,
  -- The token in exchange for which this one was given.
  predecessor_hash bytea check (length(predecessor_hash) = 32),
  created_at timestamptz not null,
  spent_at timestamptz,
  primary key (book_id, token_hash),
  foreign key (book_id, session_id) references user_sessions on delete cascade
);

create index refresh_tokens_session on refresh_tokens (book_id, session_id);
create unique index refresh_tokens_one_unspent on refresh_tokens (book_id, session_id) where spent_at is null;

-- In place of a TOTP code, each once: taking one deletes it. 80 random bits need no slow hash.
create table recovery_codes (
  book_id int not null references books,
  user_id uuid not null,
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null default now(),
  primary key (book_id, user_id, code_hash),
  foreign key (book_id, user_id) references users on delete cascade
);

-- How often a login failed of late: by account, by address, and in all. Subjects are hashed: most of what is tried
-- is no user of ours.
create table login_attempts (
  book_id int not null references books,
  kind text not null check (kind in ('account', 'address', 'overall')),
  subject_hash bytea not null check (length(subject_hash) = 32),
  failures int not null check (failures >= 0),
  last_attempt_at timestamptz not null,
  primary key (book_id, kind, subject_hash)
);

create index login_attempts_age on login_attempts (book_id, last_attempt_at);

-- Users are disabled, not deleted: what they did names them. The customer's cascade needs no right.
grant select, insert, update on users to florin_app;
grant select, insert, update, delete on user_sessions to florin_app;
grant select, insert, update on refresh_tokens to florin_app;
grant select, insert, delete on recovery_codes to florin_app;
grant select, insert, update, delete on login_attempts to florin_app;
