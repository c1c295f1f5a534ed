-- A password that somebody else chose is to be changed at the first login, where the bank asks for that.
alter table users add column must_change_password boolean not null default false;

-- What an admin gives a user who cannot log in: a code that works once, kept as a hash. One at a time.
create table password_resets (
  book_id int not null references books,
  user_id uuid not null,
  code_hash bytea not null check (length(code_hash) = 32),
  -- Whether the second factor is lost, too.
  removes_second_factor boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  primary key (book_id, user_id),
  foreign key (book_id, user_id) references users on delete cascade
);

-- What the bank asks of those who log in; without a row, nothing.
create table login_policies (
  book_id int primary key references books,
  staff_second_factor boolean not null,
  change_first_password boolean not null,
  updated_at timestamptz not null default now()
);

alter table password_resets enable row level security;
create policy own_book on password_resets to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update, delete on password_resets to florin_app;

alter table login_policies enable row level security;
create policy own_book on login_policies to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update on login_policies to florin_app;
