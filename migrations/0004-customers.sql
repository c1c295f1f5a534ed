create table customers (
  book_id int not null references books,
  customer_id uuid not null,
  type text not null check (type in ('person', 'organisation')),
  status text not null default 'active' check (status in ('active', 'closed')),
  given_name text check (length(given_name) between 1 and 100),
  family_name text check (length(family_name) between 1 and 100),
  date_of_birth date,
  sex text check (sex in ('female', 'male')),
  legal_name text check (length(legal_name) between 1 and 200),
  registration_number text check (length(registration_number) between 1 and 50),
  national_id text check (length(national_id) between 1 and 50),
  -- Contact details may be missing in imported books; the API asks for them.
  email text check (length(email) between 3 and 254),
  phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  address_line1 text check (length(address_line1) between 1 and 200),
  address_line2 text check (length(address_line2) between 1 and 200),
  city text check (length(city) between 1 and 100),
  postal_code text check (length(postal_code) between 1 and 20),
  country text check (country ~ '^[A-Z]{2}$'),
  external_id text check (length(external_id) between 1 and 100),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  version int not null default 1 check (version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (book_id, customer_id),
  unique (book_id, national_id),
  unique (book_id, registration_number),
  unique (book_id, external_id),
  constraint customers_person_or_organisation check (case type
    when 'person' then given_name is not null and family_name is not null and date_of_birth is not null
      and legal_name is null and registration_number is null
    else legal_name is not null and registration_number is not null
      and given_name is null and family_name is null and date_of_birth is null and sex is null end),
  constraint customers_address_whole check (
    num_nonnulls(address_line1, city, postal_code, country) in (0, 4)
    and (address_line2 is null or address_line1 is not null))
);

create index customers_email on customers (book_id, lower(email));

grant select, insert, update, delete on customers to florin_app;
