-- What a customer borrows, from the application on. The row holds where the loan stands at the end of
-- accrued_through; how it came there are its events, from which the same can be computed again. It goes with its
-- customer; what it posted stays.
create table loans (
  book_id int not null references books,
  loan_id uuid not null,
  customer_id uuid not null,
  -- Where it is paid out to, and what falls due is collected from.
  account_id uuid not null,
  loan_product_id uuid not null,
  currency text not null references currencies,
  external_id text check (length(external_id) between 1 and 100),
  status text not null check (status in ('applied', 'approved', 'active', 'closed', 'rejected', 'withdrawn',
    'charged_off', 'written_off')),
  -- What was asked for beside the amount: instalments, dates, a rate.
  wish jsonb not null check (jsonb_typeof(wish) = 'object'),
  direct_debit boolean not null,
  requested_minor bigint not null check (requested_minor > 0),
  approved_minor bigint check (approved_minor between 1 and requested_minor),
  applied_on date not null,
  disbursed_on date,
  ended_on date,
  -- The number of the event that made the terms in force; 0 before it is paid out.
  schedule_version int not null default 0 check (schedule_version >= 0),
  -- The instalment that is next, so that a day on which nothing falls due computes no schedule.
  period jsonb check (jsonb_typeof(period) = 'object'),
  next_due_on date,
  -- All that is outstanding, and what of it is due.
  principal_minor bigint not null default 0,
  principal_due_minor bigint not null default 0,
  interest_accrued_minor bigint not null default 0 check (interest_accrued_minor >= 0),
  interest_due_minor bigint not null default 0 check (interest_due_minor >= 0),
  fees_due_minor bigint not null default 0 check (fees_due_minor >= 0),
  penalties_due_minor bigint not null default 0 check (penalties_due_minor >= 0),
  -- What is due by the row of the schedule it fell due with, oldest first.
  unpaid jsonb not null default '[]' check (jsonb_typeof(unpaid) = 'array'),
  overdue_since date,
  -- Penalty interest since the overdue principal last changed.
  penalty_from date,
  penalty_accrued_minor bigint not null default 0,
  accrued_through date,
  provision_minor bigint not null default 0 check (provision_minor >= 0),
  lost_minor bigint not null default 0 check (lost_minor >= 0),
  recovered_minor bigint not null default 0,
  last_event_number int not null check (last_event_number > 0),
  version int not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (book_id, loan_id),
  unique (book_id, external_id),
  foreign key (book_id, customer_id) references customers on delete cascade,
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, loan_product_id) references loan_products,
  constraint loans_principal_due check (principal_due_minor between 0 and principal_minor),
  constraint loans_recovered check (recovered_minor between 0 and lost_minor),
  constraint loans_paid_out check ((disbursed_on is null) = (status in ('applied', 'approved', 'rejected', 'withdrawn'))
    and (disbursed_on is null) = (accrued_through is null) and (disbursed_on is null) = (schedule_version = 0)),
  constraint loans_ended check ((ended_on is null) = (status in ('applied', 'approved', 'active'))),
  -- Nothing is owed but by a loan that runs.
  constraint loans_ended_is_paid check (status = 'active' or (principal_minor = 0 and interest_accrued_minor = 0
    and interest_due_minor = 0 and fees_due_minor = 0 and penalties_due_minor = 0 and provision_minor = 0)),
  constraint loans_next_due check ((next_due_on is null) = (period is null))
) with (fillfactor = 80); -- room for the day's accrual to stay on its page (HOT)

create index loans_customer on loans (book_id, customer_id, loan_id);
create index loans_account on loans (book_id, account_id, loan_id);
-- The day's run goes through them in this order.
create index loans_active on loans (book_id, loan_id) where status = 'active';

-- What happened to a loan, in order: what was done to it, and what fell due as time passed.
create table loan_events (
  book_id int not null references books,
  loan_id uuid not null,
  event_number int not null check (event_number > 0),
  kind text not null check (kind in ('applied', 'approved', 'rejected', 'withdrawn', 'disbursed', 'repaid',
    'rescheduled', 'charged_off', 'written_off', 'recovered', 'repayment_undone', 'fell_due', 'late_fee')),
  -- The date on which it happened; booked_on is the business date on which it was booked.
  happened_on date not null,
  booked_on date not null,
  amount_minor bigint not null default 0 check (amount_minor >= 0),
  principal_minor bigint not null default 0 check (principal_minor >= 0),
  interest_minor bigint not null default 0 check (interest_minor >= 0),
  fees_minor bigint not null default 0 check (fees_minor >= 0),
  penalties_minor bigint not null default 0 check (penalties_minor >= 0),
  -- What is owed of each kind after it.
  owed_principal_minor bigint not null,
  owed_interest_minor bigint not null,
  owed_fees_minor bigint not null,
  owed_penalties_minor bigint not null,
  -- The loan's version after it.
  version int not null check (version > 0),
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  entry_id uuid,
  actor text not null check (length(actor) between 1 and 100),
  -- Under which its request may be repeated.
  idempotency_key text check (length(idempotency_key) between 1 and 255),
  request_hash bytea check (length(request_hash) = 32),
  created_at timestamptz not null,
  primary key (book_id, loan_id, event_number),
  foreign key (book_id, loan_id) references loans on delete cascade,
  foreign key (book_id, entry_id) references journal_entries,
  constraint loan_events_key_has_hash check ((idempotency_key is null) = (request_hash is null))
);

create unique index loan_events_idempotency on loan_events (book_id, actor, idempotency_key)
  where idempotency_key is not null;
create unique index loan_events_entry on loan_events (book_id, entry_id) where entry_id is not null;

-- The terms of each version of a loan's schedule, under the number of the event that made it. None is ever changed.
create table loan_terms (
  book_id int not null references books,
  loan_id uuid not null,
  schedule_version int not null check (schedule_version > 0),
  valid_from date not null,
  reason text not null check (reason in ('disbursed', 'repaid', 'rescheduled')),
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  primary key (book_id, loan_id, schedule_version),
  foreign key (book_id, loan_id) references loans on delete cascade
);

grant select, insert on loans, loan_events, loan_terms to florin_app;
grant update (status, direct_debit, approved_minor, disbursed_on, ended_on, schedule_version, period, next_due_on,
  principal_minor, principal_due_minor, interest_accrued_minor, interest_due_minor, fees_due_minor,
  penalties_due_minor, unpaid, overdue_since, penalty_from, penalty_accrued_minor, accrued_through, provision_minor,
  lost_minor, recovered_minor, last_event_number, version, updated_at) on loans to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['loans', 'loan_events', 'loan_terms']
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
