-- Who stands for a loan beside its borrower. It goes with its customer and with the loan.
create table loan_parties (
  book_id int not null references books,
  loan_id uuid not null,
  customer_id uuid not null,
  role text not null check (role in ('co_borrower', 'guarantor')),
  -- For how much of the debt, as decimal text; all of it if null.
  share_percent text check (share_percent ~ '^[0-9]{1,3}([.][0-9]{1,6})?$'),
  added_at timestamptz not null,
  primary key (book_id, loan_id, customer_id),
  foreign key (book_id, loan_id) references loans on delete cascade,
  foreign key (book_id, customer_id) references customers on delete cascade
);

create index loan_parties_customer on loan_parties (book_id, customer_id, loan_id);

-- What secures a loan, until it is released.
create table loan_collateral (
  book_id int not null references books,
  loan_id uuid not null,
  -- 1, 2, 3 … within the loan.
  collateral_number int not null check (collateral_number > 0),
  kind text not null check (kind in ('real_estate', 'vehicle', 'deposit', 'securities', 'goods', 'other')),
  description text not null check (length(description) between 1 and 500),
  value_minor bigint not null check (value_minor > 0),
  valued_on date not null,
  released_on date,
  primary key (book_id, loan_id, collateral_number),
  foreign key (book_id, loan_id) references loans on delete cascade,
  constraint loan_collateral_released check (released_on >= valued_on)
);

grant select, insert, delete on loan_parties to florin_app;
grant select, insert on loan_collateral to florin_app;
grant update (released_on) on loan_collateral to florin_app;

alter table loan_parties enable row level security;
create policy own_book on loan_parties to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
alter table loan_collateral enable row level security;
create policy own_book on loan_collateral to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

-- Both are events of the loan.
alter table loan_events
  add constraint loan_events_kinds check (kind in ('applied', 'approved', 'rejected', 'withdrawn', 'disbursed',
    'repaid', 'rescheduled', 'charged_off', 'written_off', 'recovered', 'repayment_undone', 'undone', 'waived',
    'charged', 'fell_due', 'late_fee', 'paid_ahead', 'party_added', 'party_removed', 'collateral_added',
    'collateral_released')) not valid,
  drop constraint loan_events_kind;
