-- A customer who is asked to hold somebody's account, until one of the two answers.
create table holder_invitations (
  book_id int not null references books,
  invitation_id uuid not null,
  account_id uuid not null,
  -- Who is asked.
  customer_id uuid not null,
  role text not null check (role in ('joint', 'authorised')),
  status text not null default 'open' check (status in ('open', 'accepted', 'declined', 'withdrawn')),
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  answered_at timestamptz,
  primary key (book_id, invitation_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, customer_id) references customers on delete cascade,
  constraint holder_invitations_answered check ((status = 'open') = (answered_at is null))
);

create index holder_invitations_account on holder_invitations (book_id, account_id);
create index holder_invitations_customer on holder_invitations (book_id, customer_id);
create unique index holder_invitations_one_open on holder_invitations (book_id, account_id, customer_id)
  where status = 'open';

alter table holder_invitations enable row level security;
create policy own_book on holder_invitations to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update on holder_invitations to florin_app;
