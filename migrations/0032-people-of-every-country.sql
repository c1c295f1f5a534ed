-- Addresses without a postal code and with a region, people of one name, and organisations without a register. The rows
-- that are there are looked at by the next migration.
alter table customers
  add column region text,
  -- The version of the customer that its identifiers and words were made from: behind `version` where a server of the
  -- version before wrote the row.
  add column derived_version int,
  add constraint customers_region_check check (length(region) between 1 and 100) not valid,
  drop constraint customers_person_or_organisation,
  add constraint customers_person_or_organisation check (case type
    when 'person' then num_nonnulls(given_name, family_name) > 0 and date_of_birth is not null
      and legal_name is null and registration_number is null
    else legal_name is not null
      and given_name is null and family_name is null and date_of_birth is null and sex is null end) not valid,
  drop constraint customers_address_whole,
  add constraint customers_address_whole check (
    num_nonnulls(address_line1, city, country) in (0, 3)
    and (num_nonnulls(address_line2, postal_code, region) = 0 or address_line1 is not null)) not valid,
  -- Two countries may give the same number. Below, each is unique for its type and country.
  drop constraint customers_book_id_registration_number_key;

-- What tells customers apart: sealed for the customer alone, and unique in the book by a keyed hash over type, country
-- and the normal form of the number.
create table customer_identifiers (
  book_id int not null references books,
  value_hash bytea not null check (length(value_hash) = 32),
  customer_id uuid not null,
  -- The field of the customer that it is given in.
  field text not null check (field in ('nationalId', 'registrationNumber', 'identifiers')),
  type text not null check (type in ('national_id', 'passport', 'tax_id', 'social_security', 'residence_permit',
    'driving_licence', 'registration_number', 'vat_number', 'lei', 'other')),
  -- Null where it is not known, or where the type is the same everywhere.
  country text check (country ~ '^[A-Z]{2}$'),
  value_sealed bytea not null check (length(value_sealed) between 34 and 400),
  primary key (book_id, value_hash),
  foreign key (book_id, customer_id) references customers on delete cascade
);

create index customer_identifiers_customer on customer_identifiers (book_id, customer_id);

-- The words by which a customer is found, without accents and in lower case. The application writes them: the
-- comparisons of texts are the ones that PostgreSQL takes to an index below row-level security.
create table customer_words (
  book_id int not null references books,
  customer_id uuid not null,
  word text collate "C" not null check (length(word) between 1 and 100),
  primary key (book_id, customer_id, word),
  foreign key (book_id, customer_id) references customers on delete cascade
);

create index customer_words_word on customer_words (book_id, word, customer_id);

alter table customer_identifiers enable row level security;
create policy own_book on customer_identifiers to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, delete on customer_identifiers to florin_app;

alter table customer_words enable row level security;
create policy own_book on customer_words to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, delete on customer_words to florin_app;
