-- Orders of a court or an authority to keep money of a customer: no date ends them, and no holder sees them. What is held
-- for one grows up to its amount as money comes in, and leaves the protected amount available.
create table attachments (
  book_id int not null references books,
  attachment_id uuid not null,
  account_id uuid not null,
  currency text not null references currencies,
  amount_minor bigint not null check (amount_minor > 0),
  protected_minor bigint not null check (protected_minor >= 0),
  held_minor bigint not null check (held_minor >= 0),
  status text not null default 'active' check (status in ('active', 'released')),
  reason_code text not null check (reason_code in ('garnishment', 'tax', 'insolvency', 'criminal', 'other')),
  legal_reference text not null check (length(legal_reference) between 1 and 140),
  placed_on date not null,
  placed_by text not null check (length(placed_by) between 1 and 100),
  created_at timestamptz not null,
  release_reason text check (length(release_reason) between 1 and 500),
  released_at timestamptz,
  primary key (book_id, attachment_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  constraint attachments_within_amount check (held_minor <= amount_minor),
  constraint attachments_released check ((status = 'released') = (released_at is not null)),
  constraint attachments_released_holds_nothing check (status = 'active' or held_minor = 0)
);

create index attachments_account on attachments (book_id, account_id, attachment_id);
create index attachments_growing on attachments (book_id, attachment_id)
  where status = 'active' and held_minor < amount_minor;

alter table attachments enable row level security;
create policy own_book on attachments to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update (held_minor, status, release_reason, released_at) on attachments to florin_app;
