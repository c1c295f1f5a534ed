-- How long a new beneficiary is paid with care, and up to how much in all until then: in major units of whatever
-- currency, as a teller's limit.
alter table books
  add column beneficiary_cooling_off_hours int not null default 24
    check (beneficiary_cooling_off_hours between 0 and 720),
  add column beneficiary_cooling_off_limit_major bigint not null default 100
    check (beneficiary_cooling_off_limit_major between 0 and 1000000000);

grant update (beneficiary_cooling_off_hours, beneficiary_cooling_off_limit_major) on books to florin_app;

-- Whom a customer pays by name. A payee is an IBAN, of this bank or another, in electronic form: however it was
-- written or named, the same one is there once.
create table beneficiaries (
  book_id int not null references books,
  beneficiary_id uuid not null,
  customer_id uuid not null,
  name text not null check (length(name) between 1 and 140),
  nickname text check (length(nickname) between 1 and 100),
  iban text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  -- In which alone it is paid, where that is said or follows from the account.
  currency text references currencies,
  limit_per_day_minor bigint check (limit_per_day_minor > 0),
  -- From when it is paid without the limit of the cooling-off period.
  usable_from timestamptz not null,
  version int not null default 1 check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (book_id, beneficiary_id),
  constraint beneficiaries_payee_once unique (book_id, customer_id, iban),
  foreign key (book_id, customer_id) references customers on delete cascade,
  constraint beneficiaries_limit_has_currency check (limit_per_day_minor is null or currency is not null),
  constraint beneficiaries_usable_later check (usable_from >= created_at)
);

create index beneficiaries_customer on beneficiaries (book_id, customer_id, beneficiary_id);

-- What was paid to beneficiaries, for their limits. By payee and not by beneficiary: deleting one and adding it again
-- begins no new day.
create table beneficiary_payments (
  book_id int not null,
  transaction_id uuid not null,
  customer_id uuid not null,
  iban text not null,
  currency text not null references currencies,
  amount_minor bigint not null check (amount_minor > 0),
  business_date date not null,
  paid_at timestamptz not null,
  primary key (book_id, transaction_id),
  foreign key (book_id, transaction_id) references journal_entries,
  foreign key (book_id, customer_id) references customers on delete cascade
);

create index beneficiary_payments_day on beneficiary_payments (book_id, customer_id, iban, business_date);

grant select, insert, delete on beneficiaries to florin_app;
grant update (name, nickname, currency, limit_per_day_minor, version, updated_at) on beneficiaries to florin_app;
grant select, insert on beneficiary_payments to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['beneficiaries', 'beneficiary_payments'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
