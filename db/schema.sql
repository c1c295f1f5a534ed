-- The schema after all migrations, for reading and review. Generated: npm run generate.

create table account_holders (
  book_id integer not null,
  account_id uuid not null,
  customer_id uuid not null,
  role text not null default 'owner'::text,
  created_at timestamp with time zone not null default now(),
  constraint account_holders_pkey PRIMARY KEY (book_id, account_id, customer_id),
  constraint account_holders_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint account_holders_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint account_holders_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_holders_role_check CHECK (role = ANY (ARRAY['owner'::text, 'joint'::text, 'authorised'::text]))
);
CREATE INDEX account_holders_customer ON public.account_holders USING btree (book_id, customer_id);
grant delete, insert, select, update on account_holders to florin_app;

create table account_numbers (
  book_id integer not null,
  next_number bigint not null default 1000000001,
  constraint account_numbers_pkey PRIMARY KEY (book_id),
  constraint account_numbers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_numbers_next_number_check CHECK (next_number > 0)
);
grant insert, select, update on account_numbers to florin_app;

create table accounts (
  book_id integer not null,
  account_id uuid not null,
  customer_id uuid not null,
  product_code text not null,
  currency text not null,
  number text not null,
  iban text not null,
  external_id text,
  status_reason text,
  opened_on date not null,
  closed_on date,
  metadata jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint accounts_pkey PRIMARY KEY (book_id, account_id),
  constraint accounts_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint accounts_book_id_iban_key UNIQUE (book_id, iban),
  constraint accounts_book_id_number_key UNIQUE (book_id, number),
  constraint accounts_book_id_account_id_currency_fkey FOREIGN KEY (book_id, account_id, currency) REFERENCES ledger_accounts(book_id, ledger_account_id, currency),
  constraint accounts_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint accounts_book_id_product_code_currency_fkey FOREIGN KEY (book_id, product_code, currency) REFERENCES products(book_id, product_code, currency),
  constraint accounts_closed_after_opened CHECK (closed_on >= opened_on),
  constraint accounts_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint accounts_iban_check CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint accounts_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint accounts_number_check CHECK (number ~ '^[0-9]{1,30}$'::text),
  constraint accounts_status_reason_check CHECK (length(status_reason) >= 1 AND length(status_reason) <= 500),
  constraint accounts_version_check CHECK (version > 0)
);
CREATE INDEX accounts_customer ON public.accounts USING btree (book_id, customer_id);
grant delete, insert, select, update on accounts to florin_app;

create table books (
  book_id integer not null,
  name text not null,
  country text not null,
  bank_code text not null,
  time_zone text not null default 'UTC'::text,
  business_date date not null,
  date_policy text not null default 'calendar'::text,
  retention_years integer not null default 10,
  created_at timestamp with time zone not null default now(),
  constraint books_pkey PRIMARY KEY (book_id),
  constraint books_bank_code_check CHECK (bank_code ~ '^[A-Z0-9]{1,20}$'::text),
  constraint books_book_id_check CHECK (book_id > 0),
  constraint books_country_check CHECK (country ~ '^[A-Z]{2}$'::text),
  constraint books_date_policy_check CHECK (date_policy = ANY (ARRAY['calendar'::text, 'manual'::text])),
  constraint books_name_check CHECK (name <> ''::text),
  constraint books_retention_years_check CHECK (retention_years >= 0 AND retention_years <= 100)
);
grant insert, select, update (business_date, date_policy, name) on books to florin_app;

create table currencies (
  currency text not null,
  decimals integer not null default 2,
  constraint currencies_pkey PRIMARY KEY (currency),
  constraint currencies_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  constraint currencies_decimals_check CHECK (decimals >= 0 AND decimals <= 4)
);
grant select on currencies to florin_app;

create table customers (
  book_id integer not null,
  customer_id uuid not null,
  type text not null,
  status text not null default 'active'::text,
  given_name text,
  family_name text,
  date_of_birth date,
  sex text,
  legal_name text,
  registration_number text,
  national_id text,
  email text,
  phone text,
  address_line1 text,
  address_line2 text,
  city text,
  postal_code text,
  country text,
  external_id text,
  metadata jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint customers_pkey PRIMARY KEY (book_id, customer_id),
  constraint customers_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint customers_book_id_national_id_key UNIQUE (book_id, national_id),
  constraint customers_book_id_registration_number_key UNIQUE (book_id, registration_number),
  constraint customers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint customers_address_line1_check CHECK (length(address_line1) >= 1 AND length(address_line1) <= 200),
  constraint customers_address_line2_check CHECK (length(address_line2) >= 1 AND length(address_line2) <= 200),
  constraint customers_address_whole CHECK ((num_nonnulls(address_line1, city, postal_code, country) = ANY (ARRAY[0, 4])) AND (address_line2 IS NULL OR address_line1 IS NOT NULL)),
  constraint customers_city_check CHECK (length(city) >= 1 AND length(city) <= 100),
  constraint customers_country_check CHECK (country ~ '^[A-Z]{2}$'::text),
  constraint customers_email_check CHECK (length(email) >= 3 AND length(email) <= 254),
  constraint customers_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint customers_family_name_check CHECK (length(family_name) >= 1 AND length(family_name) <= 100),
  constraint customers_given_name_check CHECK (length(given_name) >= 1 AND length(given_name) <= 100),
  constraint customers_legal_name_check CHECK (length(legal_name) >= 1 AND length(legal_name) <= 200),
  constraint customers_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint customers_national_id_check CHECK (length(national_id) >= 1 AND length(national_id) <= 50),
  constraint customers_person_or_organisation CHECK (
CASE type
    WHEN 'person'::text THEN given_name IS NOT NULL AND family_name IS NOT NULL AND date_of_birth IS NOT NULL AND legal_name IS NULL AND registration_number IS NULL
    ELSE legal_name IS NOT NULL AND registration_number IS NOT NULL AND given_name IS NULL AND family_name IS NULL AND date_of_birth IS NULL AND sex IS NULL
END),
  constraint customers_phone_check CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'::text),
  constraint customers_postal_code_check CHECK (length(postal_code) >= 1 AND length(postal_code) <= 20),
  constraint customers_registration_number_check CHECK (length(registration_number) >= 1 AND length(registration_number) <= 50),
  constraint customers_sex_check CHECK (sex = ANY (ARRAY['female'::text, 'male'::text])),
  constraint customers_status_check CHECK (status = ANY (ARRAY['active'::text, 'closed'::text])),
  constraint customers_type_check CHECK (type = ANY (ARRAY['person'::text, 'organisation'::text])),
  constraint customers_version_check CHECK (version > 0)
);
CREATE INDEX customers_email ON public.customers USING btree (book_id, lower(email));
grant delete, insert, select, update on customers to florin_app;

create table gl_accounts (
  book_id integer not null,
  gl_code text not null,
  name text not null,
  class text not null,
  constraint gl_accounts_pkey PRIMARY KEY (book_id, gl_code),
  constraint gl_accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint gl_accounts_class_check CHECK (class = ANY (ARRAY['asset'::text, 'liability'::text, 'equity'::text, 'income'::text, 'expense'::text])),
  constraint gl_accounts_gl_code_check CHECK (gl_code ~ '^[0-9]{4}$'::text),
  constraint gl_accounts_name_check CHECK (name <> ''::text)
);
grant insert, select on gl_accounts to florin_app;

create table imported_records (
  book_id integer not null,
  import_id uuid not null,
  record_type text not null,
  record_id text not null,
  line integer not null,
  content jsonb not null,
  customer_id uuid,
  account_id uuid,
  constraint imported_records_pkey PRIMARY KEY (book_id, record_type, record_id),
  constraint imported_records_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint imported_records_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint imported_records_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint imported_records_book_id_import_id_fkey FOREIGN KEY (book_id, import_id) REFERENCES imports(book_id, import_id),
  constraint imported_records_content_check CHECK (jsonb_typeof(content) = 'object'::text),
  constraint imported_records_line_check CHECK (line > 0),
  constraint imported_records_record_id_check CHECK (length(record_id) >= 1 AND length(record_id) <= 100),
  constraint imported_records_record_type_check CHECK (length(record_type) >= 1 AND length(record_type) <= 50)
);
CREATE INDEX imported_records_account ON public.imported_records USING btree (book_id, account_id);
CREATE INDEX imported_records_customer ON public.imported_records USING btree (book_id, customer_id);
grant insert, select on imported_records to florin_app;

create table imports (
  book_id integer not null,
  import_id uuid not null,
  source text not null,
  file_name text not null,
  sha256 bytea not null,
  row_count integer not null default 0,
  imported_at timestamp with time zone not null default now(),
  constraint imports_pkey PRIMARY KEY (book_id, import_id),
  constraint imports_book_id_source_sha256_key UNIQUE (book_id, source, sha256),
  constraint imports_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint imports_file_name_check CHECK (length(file_name) >= 1 AND length(file_name) <= 255),
  constraint imports_row_count_check CHECK (row_count >= 0),
  constraint imports_sha256_check CHECK (length(sha256) = 32),
  constraint imports_source_check CHECK (source ~ '^[a-z][a-z0-9_]{0,49}$'::text)
);
grant insert, select on imports to florin_app;

create table journal_entries (
  book_id integer not null,
  entry_id uuid not null,
  kind text not null,
  business_date date not null,
  value_date date not null,
  posted_at timestamp with time zone not null default now(),
  actor text not null,
  idempotency_key text,
  request_hash bytea,
  reverses_entry_id uuid,
  constraint journal_entries_pkey PRIMARY KEY (book_id, entry_id),
  constraint journal_entries_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint journal_entries_book_id_reverses_entry_id_fkey FOREIGN KEY (book_id, reverses_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint journal_entries_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint journal_entries_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint journal_entries_key_has_hash CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  constraint journal_entries_kind_check CHECK (kind = ANY (ARRAY['deposit'::text, 'withdrawal'::text, 'transfer'::text, 'incoming_payment'::text, 'outgoing_payment'::text, 'interest'::text, 'penalty_interest'::text, 'fee'::text, 'reversal'::text])),
  constraint journal_entries_request_hash_check CHECK (length(request_hash) = 32),
  constraint journal_entries_reversal_names_its_entry CHECK ((kind = 'reversal'::text) = (reverses_entry_id IS NOT NULL))
);
CREATE INDEX journal_entries_business_date ON public.journal_entries USING btree (book_id, business_date, entry_id);
CREATE UNIQUE INDEX journal_entries_idempotency ON public.journal_entries USING btree (book_id, actor, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE UNIQUE INDEX journal_entries_reversed_once ON public.journal_entries USING btree (book_id, reverses_entry_id) WHERE (reverses_entry_id IS NOT NULL);
grant insert, select on journal_entries to florin_app;

create table ledger_accounts (
  book_id integer not null,
  ledger_account_id uuid not null,
  kind text not null,
  gl_code text not null,
  currency text not null,
  status text not null default 'active'::text,
  balance_minor bigint not null default 0,
  held_minor bigint not null default 0,
  floor_minor bigint,
  seq bigint not null default 0,
  last_business_date date,
  last_posted_at timestamp with time zone,
  opened_at timestamp with time zone not null default now(),
  constraint ledger_accounts_pkey PRIMARY KEY (book_id, ledger_account_id),
  constraint ledger_accounts_book_id_ledger_account_id_currency_key UNIQUE (book_id, ledger_account_id, currency),
  constraint ledger_accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint ledger_accounts_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint ledger_accounts_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint ledger_accounts_balance_above_floor CHECK ((balance_minor - held_minor) >= floor_minor),
  constraint ledger_accounts_closed_is_empty CHECK (status <> 'closed'::text OR balance_minor = 0 AND held_minor = 0),
  constraint ledger_accounts_floor_minor_check CHECK (floor_minor <= 0),
  constraint ledger_accounts_floor_of_customers CHECK ((kind = 'customer'::text) = (floor_minor IS NOT NULL)),
  constraint ledger_accounts_held_minor_check CHECK (held_minor >= 0),
  constraint ledger_accounts_internal_keeps_no_balance CHECK (kind = 'customer'::text OR balance_minor = 0 AND held_minor = 0 AND seq = 0),
  constraint ledger_accounts_kind_check CHECK (kind = ANY (ARRAY['customer'::text, 'internal'::text])),
  constraint ledger_accounts_seq_check CHECK (seq >= 0),
  constraint ledger_accounts_status_check CHECK (status = ANY (ARRAY['active'::text, 'frozen'::text, 'closed'::text]))
) with (fillfactor=70);
CREATE UNIQUE INDEX ledger_accounts_internal ON public.ledger_accounts USING btree (book_id, gl_code, currency) WHERE (kind = 'internal'::text);
grant insert, select, update (balance_minor, floor_minor, held_minor, last_business_date, last_posted_at, seq, status) on ledger_accounts to florin_app;

create table postings (
  book_id integer not null,
  entry_id uuid not null,
  line integer not null default 1,
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  currency text not null,
  amount_minor bigint not null,
  business_date date not null,
  debit_seq bigint,
  debit_balance_minor bigint,
  credit_seq bigint,
  credit_balance_minor bigint,
  constraint postings_pkey PRIMARY KEY (book_id, entry_id, line),
  constraint postings_book_id_credit_account_id_currency_fkey FOREIGN KEY (book_id, credit_account_id, currency) REFERENCES ledger_accounts(book_id, ledger_account_id, currency),
  constraint postings_book_id_debit_account_id_currency_fkey FOREIGN KEY (book_id, debit_account_id, currency) REFERENCES ledger_accounts(book_id, ledger_account_id, currency),
  constraint postings_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint postings_amount_minor_check CHECK (amount_minor > 0),
  constraint postings_credit_balance CHECK ((credit_seq IS NULL) = (credit_balance_minor IS NULL)),
  constraint postings_credit_seq_check CHECK (credit_seq > 0),
  constraint postings_debit_balance CHECK ((debit_seq IS NULL) = (debit_balance_minor IS NULL)),
  constraint postings_debit_seq_check CHECK (debit_seq > 0),
  constraint postings_line_check CHECK (line > 0),
  constraint postings_two_accounts CHECK (debit_account_id <> credit_account_id)
);
CREATE UNIQUE INDEX postings_credit_seq ON public.postings USING btree (book_id, credit_account_id, credit_seq) WHERE (credit_seq IS NOT NULL);
CREATE UNIQUE INDEX postings_debit_seq ON public.postings USING btree (book_id, debit_account_id, debit_seq) WHERE (debit_seq IS NOT NULL);
CREATE INDEX postings_internal_credit ON public.postings USING btree (book_id, credit_account_id, business_date) INCLUDE (amount_minor) WHERE (credit_seq IS NULL);
CREATE INDEX postings_internal_debit ON public.postings USING btree (book_id, debit_account_id, business_date) INCLUDE (amount_minor) WHERE (debit_seq IS NULL);
grant insert, select on postings to florin_app;

create table products (
  book_id integer not null,
  product_code text not null,
  currency text not null,
  kind text not null,
  name text not null,
  gl_code text not null,
  overdraft_allowed boolean not null default false,
  status text not null default 'active'::text,
  created_at timestamp with time zone not null default now(),
  constraint products_pkey PRIMARY KEY (book_id, product_code, currency),
  constraint products_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint products_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint products_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint products_kind_check CHECK (kind = ANY (ARRAY['current'::text, 'savings'::text])),
  constraint products_name_check CHECK (name <> ''::text),
  constraint products_product_code_check CHECK (product_code ~ '^[a-z][a-z0-9_]{0,49}$'::text),
  constraint products_status_check CHECK (status = ANY (ARRAY['active'::text, 'retired'::text]))
);
grant insert, select on products to florin_app;

create table transaction_batches (
  book_id integer not null,
  batch_id uuid not null,
  mode text not null,
  actor text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  transaction_ids uuid[] not null,
  refusal_codes text[] not null,
  created_at timestamp with time zone not null default now(),
  constraint transaction_batches_pkey PRIMARY KEY (book_id, batch_id),
  constraint transaction_batches_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint transaction_batches_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint transaction_batches_answers_every_item CHECK (cardinality(transaction_ids) = cardinality(refusal_codes)),
  constraint transaction_batches_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint transaction_batches_mode_check CHECK (mode = ANY (ARRAY['atomic'::text, 'independent'::text])),
  constraint transaction_batches_request_hash_check CHECK (length(request_hash) = 32),
  constraint transaction_batches_size CHECK (cardinality(transaction_ids) >= 1 AND cardinality(transaction_ids) <= 10000)
);
CREATE UNIQUE INDEX transaction_batches_idempotency ON public.transaction_batches USING btree (book_id, actor, idempotency_key);
grant insert, select on transaction_batches to florin_app;

create table transactions (
  book_id integer not null,
  transaction_id uuid not null,
  account_id uuid not null,
  type text not null,
  mode text not null default 'online'::text,
  amount_minor bigint not null,
  description text,
  reference text,
  purpose text,
  counterparty_name text,
  counterparty_bank text,
  counterparty_account text,
  constraint transactions_pkey PRIMARY KEY (book_id, transaction_id),
  constraint transactions_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint transactions_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint transactions_amount_minor_check CHECK (amount_minor > 0),
  constraint transactions_counterparty_account_check CHECK (length(counterparty_account) >= 1 AND length(counterparty_account) <= 35),
  constraint transactions_counterparty_bank_check CHECK (length(counterparty_bank) >= 1 AND length(counterparty_bank) <= 35),
  constraint transactions_counterparty_name_check CHECK (length(counterparty_name) >= 1 AND length(counterparty_name) <= 140),
  constraint transactions_description_check CHECK (length(description) >= 1 AND length(description) <= 500),
  constraint transactions_mode_check CHECK (mode = ANY (ARRAY['cash'::text, 'cheque'::text, 'card'::text, 'online'::text, 'branch'::text, 'atm'::text, 'clearing'::text, 'internal'::text])),
  constraint transactions_purpose_check CHECK (length(purpose) >= 1 AND length(purpose) <= 35),
  constraint transactions_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint transactions_type_check CHECK (type = ANY (ARRAY['deposit'::text, 'withdrawal'::text, 'transfer'::text, 'incoming_payment'::text, 'outgoing_payment'::text, 'interest'::text, 'penalty_interest'::text, 'fee'::text, 'reversal'::text]))
);
CREATE INDEX transactions_account ON public.transactions USING btree (book_id, account_id, transaction_id);
CREATE INDEX transactions_reference ON public.transactions USING btree (book_id, reference) WHERE (reference IS NOT NULL);
grant insert, select on transactions to florin_app;
