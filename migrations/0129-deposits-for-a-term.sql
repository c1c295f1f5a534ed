-- Of an account that holds a deposit: nothing moves it but its contract.
alter table ledger_accounts add column is_contract boolean not null default false;
grant update (is_contract) on ledger_accounts to florin_app;

-- A payment for such an account waits in suspense.
alter table incoming_payments
  add constraint incoming_payments_problem_known check (problem = any ('{unknown_iban,unknown_account,account_closed,account_frozen,account_under_contract,currency_mismatch,balance_overflow,business_date_closed}'::text[])) not valid,
  drop constraint incoming_payments_problem_check;

-- Terms of interest that were agreed with one account, in place of those of its product, through its last night.
create table interest_agreements (
  book_id int not null references books,
  account_id uuid not null,
  through_on date not null,
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  -- When the contract ended before that night, with an amount that it says: nothing is counted any more.
  settled_on date,
  primary key (book_id, account_id),
  foreign key (book_id, account_id) references accounts on delete cascade
);

-- A deposit for a term has the id of its account: what was agreed, what is to happen at its maturity, and where it stands.
create table deposits (
  book_id int not null references books,
  account_id uuid not null,
  product_code text not null,
  currency text not null,
  -- Of the product, on which it was made.
  terms_version int not null,
  principal_minor bigint not null check (principal_minor > 0),
  rate_ppm bigint not null check (rate_ppm between 0 and 10000000),
  term_unit text not null check (term_unit in ('month', 'day')),
  term_count int not null check (term_count > 0),
  opened_on date not null,
  matures_on date not null,
  -- When the customer is to be told of the maturity; null where the terms ask for no notice.
  notice_due_on date,
  -- Whether interest is paid out to the other account when it is posted.
  pays_interest_out boolean not null,
  payout_account_id uuid not null,
  on_maturity text not null check (on_maturity in ('pay_out', 'renew', 'renew_principal')),
  -- What it is renewed into; null for the same.
  renewal_product text,
  renewal_unit text check (renewal_unit in ('month', 'day')),
  renewal_count int check (renewal_count > 0),
  status text not null check (status in ('active', 'matured', 'paid_out', 'renewed', 'closed_early')),
  -- Why its money waits, though it should have been paid.
  waits_for text check (length(waits_for) between 1 and 60),
  ended_on date,
  renews_id uuid,
  renewed_as_id uuid,
  last_event_number int not null check (last_event_number > 0),
  version int not null check (version > 0),
  created_by text not null check (length(created_by) between 1 and 100),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (book_id, account_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, product_code, currency, terms_version) references product_terms,
  constraint deposits_payout_fkey foreign key (book_id, payout_account_id) references accounts,
  constraint deposits_dates check (matures_on > opened_on and notice_due_on between opened_on and matures_on),
  constraint deposits_renewal check ((renewal_unit is null) = (renewal_count is null)),
  constraint deposits_over check ((ended_on is not null) = (status not in ('active', 'matured'))),
  constraint deposits_renewed check (renewed_as_id is not null or status <> 'renewed'),
  constraint deposits_own_account check (payout_account_id <> account_id)
);
create index deposits_by_maturity on deposits (book_id, matures_on, account_id);
create index deposits_open on deposits (book_id, account_id) where status in ('active', 'matured');
create index deposits_by_payout on deposits (book_id, payout_account_id);

-- What happened to deposits, in order. Nothing of it changes.
create table deposit_events (
  book_id int not null references books,
  account_id uuid not null,
  -- 1, 2, 3 … of the deposit.
  event_number int not null check (event_number > 0),
  kind text not null check (kind in (
    'opened', 'instructed', 'interest_paid', 'closed_early', 'matured', 'waiting', 'renewed', 'paid_out')),
  happened_on date not null,
  amount_minor bigint check (amount_minor >= 0),
  entry_id uuid,
  details jsonb not null check (jsonb_typeof(details) = 'object'),
  actor text not null check (length(actor) between 1 and 100),
  created_at timestamptz not null,
  primary key (book_id, account_id, event_number),
  foreign key (book_id, account_id) references deposits on delete cascade,
  foreign key (book_id, entry_id) references journal_entries
);

grant select, insert on interest_agreements, deposits, deposit_events to florin_app;
grant update (settled_on) on interest_agreements to florin_app;
grant update (payout_account_id, on_maturity, renewal_product, renewal_unit, renewal_count, status, waits_for, ended_on,
  renewed_as_id, last_event_number, version, updated_at) on deposits to florin_app;

alter table interest_agreements enable row level security;
create policy own_book on interest_agreements to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table deposits enable row level security;
create policy own_book on deposits to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table deposit_events enable row level security;
create policy own_book on deposit_events to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
