-- The schema after all migrations, for reading and review. Generated: npm run generate.

create table account_fees (
  book_id integer not null,
  fee_id uuid not null,
  account_id uuid not null,
  product_code text not null,
  currency text not null,
  terms_version integer not null,
  fee_code text not null,
  name text not null,
  tax_name text,
  event text not null,
  business_date date not null,
  month_on date,
  event_number integer,
  due_on date,
  payment_entry_id uuid,
  about text,
  facts jsonb not null,
  fee_minor bigint not null,
  tax_minor bigint not null,
  status text not null,
  not_charged text,
  entry_id uuid,
  refund_entry_id uuid,
  decided_by text,
  decided_at timestamp with time zone,
  reason text,
  customer_reason text,
  constraint account_fees_pkey PRIMARY KEY (book_id, fee_id),
  constraint account_fees_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint account_fees_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint account_fees_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_fees_book_id_payment_entry_id_fkey FOREIGN KEY (book_id, payment_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint account_fees_book_id_product_code_currency_terms_version_fkey FOREIGN KEY (book_id, product_code, currency, terms_version) REFERENCES product_terms(book_id, product_code, currency, version),
  constraint account_fees_book_id_refund_entry_id_fkey FOREIGN KEY (book_id, refund_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint account_fees_about_check CHECK (length(about) >= 1 AND length(about) <= 40),
  constraint account_fees_charged CHECK ((status = ANY (ARRAY['charged'::text, 'refunded'::text])) = (entry_id IS NOT NULL)),
  constraint account_fees_customer_reason_check CHECK (length(customer_reason) >= 1 AND length(customer_reason) <= 500),
  constraint account_fees_decided CHECK ((status = ANY (ARRAY['waived'::text, 'refunded'::text])) = (decided_by IS NOT NULL) AND (decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (reason IS NULL)),
  constraint account_fees_decided_by_check CHECK (length(decided_by) >= 1 AND length(decided_by) <= 100),
  constraint account_fees_event_check CHECK (event = ANY ('{withdrawal,transfer,outgoing_payment,card,standing_order_failed,statement_copy,dormancy,monthly,yearly}'::text[])),
  constraint account_fees_event_number_check CHECK (event_number > 0),
  constraint account_fees_facts_check CHECK (jsonb_typeof(facts) = 'object'::text),
  constraint account_fees_fee_code_check CHECK (length(fee_code) >= 1 AND length(fee_code) <= 30),
  constraint account_fees_fee_minor_check CHECK (fee_minor >= 0),
  constraint account_fees_month_on_check CHECK (EXTRACT(day FROM month_on) = 1::numeric),
  constraint account_fees_name_check CHECK (length(name) >= 1 AND length(name) <= 100),
  constraint account_fees_not_charged CHECK ((status = 'not_charged'::text) = (not_charged IS NOT NULL) AND (status = 'not_charged'::text) = ((fee_minor + tax_minor) = 0)),
  constraint account_fees_not_charged_check CHECK (not_charged = ANY ('{free,nothing,lowest_balance,average_balance,salary,age_below,age_from,first_months}'::text[])),
  constraint account_fees_once CHECK ((month_on IS NULL) = (event_number IS NULL) AND (month_on IS NULL) <> (due_on IS NULL)),
  constraint account_fees_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint account_fees_refunded CHECK ((status = 'refunded'::text) = (refund_entry_id IS NOT NULL)),
  constraint account_fees_status_check CHECK (status = ANY ('{not_charged,due,charged,waived,refunded}'::text[])),
  constraint account_fees_tax_minor_check CHECK (tax_minor >= 0),
  constraint account_fees_tax_name_check CHECK (length(tax_name) >= 1 AND length(tax_name) <= 60)
);
CREATE INDEX account_fees_account ON public.account_fees USING btree (book_id, account_id, fee_id);
CREATE UNIQUE INDEX account_fees_dates ON public.account_fees USING btree (book_id, account_id, fee_code, due_on) WHERE (due_on IS NOT NULL);
CREATE INDEX account_fees_due ON public.account_fees USING btree (book_id, account_id) WHERE (status = 'due'::text);
CREATE UNIQUE INDEX account_fees_events ON public.account_fees USING btree (book_id, account_id, fee_code, month_on, event_number) WHERE (event_number IS NOT NULL);
CREATE INDEX account_fees_payment ON public.account_fees USING btree (book_id, payment_entry_id) WHERE (payment_entry_id IS NOT NULL);
grant insert, select, update (customer_reason, decided_at, decided_by, entry_id, reason, refund_entry_id, status) on account_fees to florin_app;
create policy own_book on account_fees for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
create policy own_book on account_holders for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table account_limits (
  book_id integer not null,
  account_id uuid not null,
  per_transaction_minor bigint,
  per_day_minor bigint,
  new_beneficiary_per_day_minor bigint,
  updated_at timestamp with time zone not null,
  constraint account_limits_pkey PRIMARY KEY (book_id, account_id),
  constraint account_limits_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint account_limits_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_limits_new_beneficiary_per_day_minor_check CHECK (new_beneficiary_per_day_minor >= 0),
  constraint account_limits_per_day_minor_check CHECK (per_day_minor >= 0),
  constraint account_limits_per_transaction_minor_check CHECK (per_transaction_minor >= 0)
);
grant insert, select, update on account_limits to florin_app;
create policy own_book on account_limits for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table account_numbers (
  book_id integer not null,
  next_number bigint not null default 1000000001,
  constraint account_numbers_pkey PRIMARY KEY (book_id),
  constraint account_numbers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_numbers_next_number_check CHECK (next_number > 0)
);
grant insert, select, update on account_numbers to florin_app;
create policy own_book on account_numbers for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table account_statement_pages (
  book_id integer not null,
  statement_id uuid not null,
  page_number integer not null,
  seq_before bigint not null,
  last_seq bigint not null,
  lines bytea not null,
  constraint account_statement_pages_pkey PRIMARY KEY (book_id, statement_id, page_number),
  constraint account_statement_pages_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_statement_pages_book_id_statement_id_fkey FOREIGN KEY (book_id, statement_id) REFERENCES account_statements(book_id, statement_id) ON DELETE CASCADE,
  constraint account_statement_pages_lines CHECK (last_seq > seq_before),
  constraint account_statement_pages_lines_check CHECK (length(lines) > 0),
  constraint account_statement_pages_page_number_check CHECK (page_number > 0),
  constraint account_statement_pages_seq_before_check CHECK (seq_before >= 0)
);
grant insert, select on account_statement_pages to florin_app;
create policy own_book on account_statement_pages for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table account_statements (
  book_id integer not null,
  statement_id uuid not null,
  account_id uuid not null,
  statement_number integer not null,
  from_on date not null,
  to_on date not null,
  seq_before bigint not null,
  last_seq bigint not null,
  opening_minor bigint not null,
  closing_minor bigint not null,
  head jsonb not null,
  actor text not null,
  made_at timestamp with time zone not null,
  constraint account_statements_pkey PRIMARY KEY (book_id, statement_id),
  constraint account_statements_book_id_account_id_statement_number_key UNIQUE (book_id, account_id, statement_number),
  constraint account_statements_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint account_statements_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint account_statements_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint account_statements_head_check CHECK (jsonb_typeof(head) = 'object'::text),
  constraint account_statements_lines CHECK (last_seq >= seq_before),
  constraint account_statements_period CHECK (from_on <= to_on),
  constraint account_statements_seq_before_check CHECK (seq_before >= 0),
  constraint account_statements_statement_number_check CHECK (statement_number > 0)
);
grant insert, select on account_statements to florin_app;
create policy own_book on account_statements for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table accounting_period_balances (
  book_id integer not null,
  period_on date not null,
  gl_code text not null,
  currency text not null,
  balance_minor numeric(38,0) not null,
  constraint accounting_period_balances_pkey PRIMARY KEY (book_id, period_on, gl_code, currency),
  constraint accounting_period_balances_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint accounting_period_balances_book_id_period_on_fkey FOREIGN KEY (book_id, period_on) REFERENCES accounting_periods(book_id, period_on),
  constraint accounting_period_balances_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency)
);
grant delete, insert, select on accounting_period_balances to florin_app;
create policy own_book on accounting_period_balances for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table accounting_periods (
  book_id integer not null,
  period_on date not null,
  status text not null,
  actor text not null,
  changed_at timestamp with time zone not null,
  reason text,
  constraint accounting_periods_pkey PRIMARY KEY (book_id, period_on),
  constraint accounting_periods_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint accounting_periods_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint accounting_periods_period_on_check CHECK (EXTRACT(day FROM period_on) = 1::numeric),
  constraint accounting_periods_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint accounting_periods_reopened_for_a_reason CHECK (status <> 'open'::text OR reason IS NOT NULL),
  constraint accounting_periods_status_check CHECK (status = ANY (ARRAY['soft_closed'::text, 'hard_closed'::text, 'open'::text]))
);
grant insert, select, update (actor, changed_at, reason, status) on accounting_periods to florin_app;
create policy own_book on accounting_periods for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table accounting_years (
  book_id integer not null,
  year integer not null,
  status text not null,
  entry_id uuid,
  actor text not null,
  changed_at timestamp with time zone not null,
  reason text,
  constraint accounting_years_pkey PRIMARY KEY (book_id, year),
  constraint accounting_years_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint accounting_years_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint accounting_years_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint accounting_years_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint accounting_years_reopened_for_a_reason CHECK (status <> 'open'::text OR reason IS NOT NULL),
  constraint accounting_years_status_check CHECK (status = ANY (ARRAY['closed'::text, 'open'::text])),
  constraint accounting_years_year_check CHECK (year >= 1800 AND year <= 9999)
);
grant insert, select, update (actor, changed_at, entry_id, reason, status) on accounting_years to florin_app;
create policy own_book on accounting_years for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table accounts (
  book_id integer not null,
  account_id uuid not null,
  customer_id uuid not null,
  product_code text not null,
  currency text not null,
  number text not null,
  iban text,
  external_id text,
  status_reason text,
  opened_on date not null,
  closed_on date,
  metadata jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  customer_reason text,
  reactivated_on date,
  closing_notice_on date,
  constraint accounts_pkey PRIMARY KEY (book_id, account_id),
  constraint accounts_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint accounts_book_id_iban_key UNIQUE (book_id, iban),
  constraint accounts_book_id_number_key UNIQUE (book_id, number),
  constraint accounts_book_id_account_id_currency_fkey FOREIGN KEY (book_id, account_id, currency) REFERENCES ledger_accounts(book_id, ledger_account_id, currency),
  constraint accounts_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint accounts_book_id_product_code_currency_fkey FOREIGN KEY (book_id, product_code, currency) REFERENCES products(book_id, product_code, currency),
  constraint accounts_closed_after_opened CHECK (closed_on >= opened_on),
  constraint accounts_customer_reason_check CHECK (length(customer_reason) >= 1 AND length(customer_reason) <= 500),
  constraint accounts_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint accounts_iban_check CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint accounts_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint accounts_number_check CHECK (number ~ '^[0-9]{1,30}$'::text),
  constraint accounts_status_reason_check CHECK (length(status_reason) >= 1 AND length(status_reason) <= 500),
  constraint accounts_version_check CHECK (version > 0)
);
CREATE INDEX accounts_created ON public.accounts USING btree (book_id, created_at, account_id);
CREATE INDEX accounts_customer ON public.accounts USING btree (book_id, customer_id);
grant delete, insert, select, update (closed_on, closing_notice_on, customer_id, customer_reason, external_id, metadata, reactivated_on, status_reason, updated_at, version) on accounts to florin_app;
create policy own_book on accounts for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table api_keys (
  book_id integer not null,
  api_key_id uuid not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null,
  client_id uuid,
  account_ids uuid[],
  customer_ids uuid[],
  largest_minor bigint,
  largest_currency text,
  networks text[],
  constraint api_keys_pkey PRIMARY KEY (book_id, api_key_id),
  constraint api_keys_book_id_prefix_key UNIQUE (book_id, prefix),
  constraint api_keys_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint api_keys_client FOREIGN KEY (book_id, client_id) REFERENCES api_keys(book_id, api_key_id),
  constraint api_keys_largest_currency_fkey FOREIGN KEY (largest_currency) REFERENCES currencies(currency),
  constraint api_keys_account_ids_check CHECK (cardinality(account_ids) >= 1 AND cardinality(account_ids) <= 100),
  constraint api_keys_created_by_check CHECK (length(created_by) >= 1 AND length(created_by) <= 100),
  constraint api_keys_customer_ids_check CHECK (cardinality(customer_ids) >= 1 AND cardinality(customer_ids) <= 100),
  constraint api_keys_largest_check CHECK ((largest_minor IS NULL) = (largest_currency IS NULL) AND largest_minor > 0),
  constraint api_keys_lifetime CHECK (expires_at > created_at),
  constraint api_keys_name_check CHECK (length(name) >= 1 AND length(name) <= 100),
  constraint api_keys_networks_check CHECK (cardinality(networks) >= 1 AND cardinality(networks) <= 100),
  constraint api_keys_prefix_check CHECK (prefix ~ '^[0-9a-f]{12}$'::text),
  constraint api_keys_scopes CHECK (cardinality(scopes) >= 1 AND cardinality(scopes) <= 50 AND array_position(scopes, NULL::text) IS NULL),
  constraint api_keys_secret_hash_check CHECK (length(secret_hash) = 32)
);
grant insert, select, update (expires_at, last_used_at, revoked_at) on api_keys to florin_app;
create policy own_book on api_keys for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table attachments (
  book_id integer not null,
  attachment_id uuid not null,
  account_id uuid not null,
  currency text not null,
  amount_minor bigint not null,
  protected_minor bigint not null,
  held_minor bigint not null,
  status text not null default 'active'::text,
  reason_code text not null,
  legal_reference text not null,
  placed_on date not null,
  placed_by text not null,
  created_at timestamp with time zone not null,
  release_reason text,
  released_at timestamp with time zone,
  external_id text,
  metadata jsonb,
  constraint attachments_pkey PRIMARY KEY (book_id, attachment_id),
  constraint attachments_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint attachments_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint attachments_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint attachments_amount_minor_check CHECK (amount_minor > 0),
  constraint attachments_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint attachments_held_minor_check CHECK (held_minor >= 0),
  constraint attachments_legal_reference_check CHECK (length(legal_reference) >= 1 AND length(legal_reference) <= 140),
  constraint attachments_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint attachments_placed_by_check CHECK (length(placed_by) >= 1 AND length(placed_by) <= 100),
  constraint attachments_protected_minor_check CHECK (protected_minor >= 0),
  constraint attachments_reason_code_check CHECK (reason_code = ANY (ARRAY['garnishment'::text, 'tax'::text, 'insolvency'::text, 'criminal'::text, 'other'::text])),
  constraint attachments_release_reason_check CHECK (length(release_reason) >= 1 AND length(release_reason) <= 500),
  constraint attachments_released CHECK ((status = 'released'::text) = (released_at IS NOT NULL)),
  constraint attachments_released_holds_nothing CHECK (status = 'active'::text OR held_minor = 0),
  constraint attachments_status_check CHECK (status = ANY (ARRAY['active'::text, 'released'::text])),
  constraint attachments_within_amount CHECK (held_minor <= amount_minor)
);
CREATE INDEX attachments_account ON public.attachments USING btree (book_id, account_id, attachment_id);
CREATE UNIQUE INDEX attachments_external_id ON public.attachments USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX attachments_growing ON public.attachments USING btree (book_id, attachment_id) WHERE ((status = 'active'::text) AND (held_minor < amount_minor));
grant insert, select, update (held_minor, release_reason, released_at, status) on attachments to florin_app;
create policy own_book on attachments for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table audit_blocks (
  book_id integer not null,
  block_number bigint not null,
  first_position bigint not null,
  last_position bigint not null,
  audit_ids uuid[] not null,
  entry_ids uuid[] not null,
  row_hashes bytea not null,
  merkle_root bytea not null,
  previous_hash bytea not null,
  block_hash bytea not null,
  sealed_at timestamp with time zone not null,
  constraint audit_blocks_pkey PRIMARY KEY (book_id, block_number),
  constraint audit_blocks_book_id_first_position_key UNIQUE (book_id, first_position),
  constraint audit_blocks_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint audit_blocks_block_hash_check CHECK (length(block_hash) = 32),
  constraint audit_blocks_block_number_check CHECK (block_number > 0),
  constraint audit_blocks_first_position_check CHECK (first_position > 0),
  constraint audit_blocks_merkle_root_check CHECK (length(merkle_root) = 32),
  constraint audit_blocks_not_empty CHECK (last_position >= first_position),
  constraint audit_blocks_previous_hash_check CHECK (length(previous_hash) = 32),
  constraint audit_blocks_rows CHECK ((cardinality(audit_ids) + cardinality(entry_ids)) = (last_position - first_position + 1) AND length(row_hashes) = (32 * (last_position - first_position + 1)))
);
grant insert, select on audit_blocks to florin_app;
create policy own_book on audit_blocks for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table audit_log (
  book_id integer not null,
  audit_id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  role text not null,
  session_id uuid,
  address text,
  operation text not null,
  resource_type text not null,
  resource_id text,
  before jsonb,
  after jsonb,
  request_id text,
  outcome text not null default 'done'::text,
  outcome_code text,
  constraint audit_log_pkey PRIMARY KEY (book_id, audit_id),
  constraint audit_log_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint audit_log_address_check CHECK (length(address) >= 1 AND length(address) <= 200),
  constraint audit_log_after_check CHECK (jsonb_typeof(after) = 'object'::text),
  constraint audit_log_before_check CHECK (jsonb_typeof(before) = 'object'::text),
  constraint audit_log_operation_check CHECK (operation ~ '^[a-zA-Z][a-zA-Z0-9_.]*$'::text AND length(operation) <= 100),
  constraint audit_log_outcome_check CHECK (outcome = ANY ('{done,refused}'::text[])),
  constraint audit_log_outcome_code_check CHECK (length(outcome_code) >= 1 AND length(outcome_code) <= 100),
  constraint audit_log_refusal_has_code CHECK ((outcome = 'refused'::text) = (outcome_code IS NOT NULL)),
  constraint audit_log_request_id_check CHECK (length(request_id) >= 1 AND length(request_id) <= 100),
  constraint audit_log_resource_id_check CHECK (length(resource_id) >= 1 AND length(resource_id) <= 100),
  constraint audit_log_resource_type_check CHECK (resource_type ~ '^[a-z][a-z0-9_]*$'::text AND length(resource_type) <= 50),
  constraint audit_log_role_is_known CHECK (role = ANY (ARRAY['admin'::text, 'manager'::text, 'teller'::text, 'loan-officer'::text, 'auditor'::text, 'customer'::text, 'service'::text, 'operator'::text, 'anonymous'::text]))
);
CREATE INDEX audit_log_actor ON public.audit_log USING btree (book_id, actor, audit_id);
CREATE INDEX audit_log_resource ON public.audit_log USING btree (book_id, resource_id, audit_id) WHERE (resource_id IS NOT NULL);
grant insert, select on audit_log to florin_app;
create policy own_book on audit_log for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table audit_sealing (
  book_id integer not null,
  sequenced_blocks bigint not null default 0,
  last_sequence bigint not null default 0,
  constraint audit_sealing_pkey PRIMARY KEY (book_id),
  constraint audit_sealing_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant insert, select, update on audit_sealing to florin_app;
create policy own_book on audit_sealing for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table beneficiaries (
  book_id integer not null,
  beneficiary_id uuid not null,
  customer_id uuid not null,
  name text not null,
  nickname text,
  iban text,
  currency text,
  limit_per_day_minor bigint,
  usable_from timestamp with time zone not null,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  bank_code_scheme text,
  bank_code text,
  account_number text,
  external_id text,
  metadata jsonb,
  constraint beneficiaries_pkey PRIMARY KEY (book_id, beneficiary_id),
  constraint beneficiaries_payee_once UNIQUE (book_id, customer_id, iban),
  constraint beneficiaries_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint beneficiaries_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint beneficiaries_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint beneficiaries_account_number_check CHECK (account_number ~ '^[A-Z0-9]+$'::text AND length(account_number) <= 34),
  constraint beneficiaries_bank_code_check CHECK (bank_code ~ '^[A-Z0-9]+$'::text AND length(bank_code) <= 11),
  constraint beneficiaries_bank_code_scheme_check CHECK (bank_code_scheme = ANY (ARRAY['us_aba'::text, 'gb_sort_code'::text, 'bic'::text])),
  constraint beneficiaries_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint beneficiaries_iban_check CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint beneficiaries_limit_has_currency CHECK (limit_per_day_minor IS NULL OR currency IS NOT NULL),
  constraint beneficiaries_limit_per_day_minor_check CHECK (limit_per_day_minor > 0),
  constraint beneficiaries_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint beneficiaries_name_check CHECK (length(name) >= 1 AND length(name) <= 140),
  constraint beneficiaries_nickname_check CHECK (length(nickname) >= 1 AND length(nickname) <= 100),
  constraint beneficiaries_one_account CHECK (
CASE
    WHEN iban IS NULL THEN bank_code_scheme IS NOT NULL AND bank_code IS NOT NULL AND account_number IS NOT NULL
    ELSE bank_code_scheme IS NULL AND bank_code IS NULL AND account_number IS NULL
END),
  constraint beneficiaries_usable_later CHECK (usable_from >= created_at),
  constraint beneficiaries_version_check CHECK (version > 0)
);
CREATE UNIQUE INDEX beneficiaries_bank_account_once ON public.beneficiaries USING btree (book_id, customer_id, bank_code_scheme, bank_code, account_number) WHERE (bank_code_scheme IS NOT NULL);
CREATE INDEX beneficiaries_customer ON public.beneficiaries USING btree (book_id, customer_id, beneficiary_id);
CREATE UNIQUE INDEX beneficiaries_external_id ON public.beneficiaries USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
grant delete, insert, select, update (currency, external_id, limit_per_day_minor, metadata, name, nickname, updated_at, version) on beneficiaries to florin_app;
create policy own_book on beneficiaries for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table beneficiary_payments (
  book_id integer not null,
  transaction_id uuid not null,
  customer_id uuid not null,
  iban text not null,
  currency text not null,
  amount_minor bigint not null,
  business_date date not null,
  paid_at timestamp with time zone not null,
  was_new boolean not null default false,
  constraint beneficiary_payments_pkey PRIMARY KEY (book_id, transaction_id),
  constraint beneficiary_payments_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint beneficiary_payments_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint beneficiary_payments_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint beneficiary_payments_amount_minor_check CHECK (amount_minor > 0)
);
CREATE INDEX beneficiary_payments_day ON public.beneficiary_payments USING btree (book_id, customer_id, iban, business_date);
grant insert, select on beneficiary_payments to florin_app;
create policy own_book on beneficiary_payments for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table book_limits (
  book_id integer not null,
  currency text not null,
  per_transaction_minor bigint,
  per_day_minor bigint,
  new_beneficiary_per_day_minor bigint,
  updated_at timestamp with time zone not null,
  own_transfers_count boolean not null default true,
  constraint book_limits_pkey PRIMARY KEY (book_id, currency),
  constraint book_limits_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint book_limits_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint book_limits_new_beneficiary_per_day_minor_check CHECK (new_beneficiary_per_day_minor >= 0),
  constraint book_limits_per_day_minor_check CHECK (per_day_minor >= 0),
  constraint book_limits_per_transaction_minor_check CHECK (per_transaction_minor >= 0)
);
grant insert, select, update on book_limits to florin_app;
create policy own_book on book_limits for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  beneficiary_cooling_off_hours integer not null default 24,
  beneficiary_cooling_off_limit_major bigint not null default 100,
  weekend_days integer[] not null default '{6,7}'::integer[],
  closed_through date,
  bic text,
  address_line1 text,
  address_line2 text,
  postal_code text,
  city text,
  supervisory_ids jsonb not null default '{}'::jsonb,
  soft_closed_to date,
  hard_closed_to date,
  letterhead_color text,
  constraint books_pkey PRIMARY KEY (book_id),
  constraint books_address_line1_check CHECK (length(address_line1) >= 1 AND length(address_line1) <= 200) NOT VALID,
  constraint books_address_line2_check CHECK (length(address_line2) >= 1 AND length(address_line2) <= 200) NOT VALID,
  constraint books_bank_code_check CHECK (bank_code ~ '^[A-Z0-9]{1,20}$'::text),
  constraint books_beneficiary_cooling_off_hours_check CHECK (beneficiary_cooling_off_hours >= 0 AND beneficiary_cooling_off_hours <= 720),
  constraint books_beneficiary_cooling_off_limit_major_check CHECK (beneficiary_cooling_off_limit_major >= 0 AND beneficiary_cooling_off_limit_major <= 1000000000),
  constraint books_bic_check CHECK (bic ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'::text) NOT VALID,
  constraint books_book_id_check CHECK (book_id > 0),
  constraint books_city_check CHECK (length(city) >= 1 AND length(city) <= 100) NOT VALID,
  constraint books_country_check CHECK (country ~ '^[A-Z]{2}$'::text),
  constraint books_date_policy_check CHECK (date_policy = ANY (ARRAY['calendar'::text, 'manual'::text])),
  constraint books_letterhead_color_check CHECK (letterhead_color ~ '^#[0-9a-f]{6}$'::text),
  constraint books_name_check CHECK (name <> ''::text),
  constraint books_open_date_is_not_closed CHECK (closed_through < business_date),
  constraint books_postal_code_check CHECK (length(postal_code) >= 1 AND length(postal_code) <= 20) NOT VALID,
  constraint books_retention_years_check CHECK (retention_years >= 0 AND retention_years <= 100),
  constraint books_supervisory_ids_check CHECK (jsonb_typeof(supervisory_ids) = 'object'::text) NOT VALID,
  constraint books_weekend_days_check CHECK (weekend_days <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND cardinality(weekend_days) <= 6)
);
grant insert, select, update (address_line1, address_line2, beneficiary_cooling_off_hours, beneficiary_cooling_off_limit_major, bic, business_date, city, closed_through, date_policy, hard_closed_to, letterhead_color, name, postal_code, soft_closed_to, supervisory_ids, weekend_days) on books to florin_app;
create policy own_book on books for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table business_date_changes (
  book_id integer not null,
  date_before date not null,
  policy_before text not null,
  date_set date not null,
  actor text not null,
  changed_at timestamp with time zone not null,
  constraint business_date_changes_pkey PRIMARY KEY (book_id),
  constraint business_date_changes_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint business_date_changes_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint business_date_changes_go_on CHECK (date_set >= date_before),
  constraint business_date_changes_policy_before_check CHECK (policy_before = ANY (ARRAY['calendar'::text, 'manual'::text]))
);
grant delete, insert, select, update on business_date_changes to florin_app;
create policy own_book on business_date_changes for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table capture_settlements (
  book_id integer not null,
  settlement_id uuid not null,
  currency text not null,
  amount_minor bigint not null,
  item_count integer not null,
  reference text,
  entry_id uuid,
  settled_on date not null,
  open_from date not null,
  actor text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  created_at timestamp with time zone not null,
  external_id text,
  metadata jsonb,
  constraint capture_settlements_pkey PRIMARY KEY (book_id, settlement_id),
  constraint capture_settlements_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint capture_settlements_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint capture_settlements_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint capture_settlements_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint capture_settlements_entry CHECK ((entry_id IS NULL) = (amount_minor = 0)),
  constraint capture_settlements_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint capture_settlements_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint capture_settlements_item_count_check CHECK (item_count > 0),
  constraint capture_settlements_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint capture_settlements_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint capture_settlements_request_hash_check CHECK (length(request_hash) = 32)
);
CREATE INDEX capture_settlements_currency ON public.capture_settlements USING btree (book_id, currency, settlement_id);
CREATE UNIQUE INDEX capture_settlements_entry_once ON public.capture_settlements USING btree (book_id, entry_id) WHERE (entry_id IS NOT NULL);
CREATE UNIQUE INDEX capture_settlements_external_id ON public.capture_settlements USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX capture_settlements_idempotency ON public.capture_settlements USING btree (book_id, actor, idempotency_key);
grant insert, select on capture_settlements to florin_app;
create policy own_book on capture_settlements for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table changed_rows (
  book_id integer not null,
  change_id uuid not null,
  table_name text not null,
  row_keys text[] not null,
  constraint changed_rows_pkey PRIMARY KEY (book_id, change_id),
  constraint changed_rows_row_keys_check CHECK (cardinality(row_keys) >= 1 AND cardinality(row_keys) <= 2000),
  constraint changed_rows_table_name_check CHECK (table_name ~ '^[a-z][a-z_]*$'::text)
);
grant delete, insert, select on changed_rows to florin_app;
create policy own_book on changed_rows for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table charged_books (
  book_id integer not null,
  constraint charged_books_pkey PRIMARY KEY (book_id),
  constraint charged_books_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant insert, select on charged_books to florin_app;
create policy own_book on charged_books for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table closing_requests (
  book_id integer not null,
  expires_at timestamp with time zone not null,
  constraint closing_requests_pkey PRIMARY KEY (book_id),
  constraint closing_requests_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant delete, insert, select, update on closing_requests to florin_app;
create policy own_book on closing_requests for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table currencies (
  currency text not null,
  decimals integer not null default 2,
  constraint currencies_pkey PRIMARY KEY (currency),
  constraint currencies_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  constraint currencies_decimals_check CHECK (decimals >= 0 AND decimals <= 4)
);
grant select on currencies to florin_app;

create table currency_conversions (
  book_id integer not null,
  entry_id uuid not null,
  sold_currency text not null,
  sold_minor bigint not null,
  bought_currency text not null,
  bought_minor bigint not null,
  base_minor bigint not null,
  fixed text not null,
  rounding text not null,
  source text not null,
  pair text not null,
  rate_e10 bigint not null,
  second_pair text,
  second_rate_e10 bigint,
  constraint currency_conversions_pkey PRIMARY KEY (book_id, entry_id),
  constraint currency_conversions_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint currency_conversions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint currency_conversions_bought_currency_fkey FOREIGN KEY (bought_currency) REFERENCES currencies(currency),
  constraint currency_conversions_sold_currency_fkey FOREIGN KEY (sold_currency) REFERENCES currencies(currency),
  constraint currency_conversions_base_minor_check CHECK (base_minor >= 0),
  constraint currency_conversions_bought_minor_check CHECK (bought_minor > 0),
  constraint currency_conversions_fixed_check CHECK (fixed = ANY ('{sold,bought}'::text[])),
  constraint currency_conversions_of_two CHECK (sold_currency <> bought_currency),
  constraint currency_conversions_pair_check CHECK (pair ~ '^[A-Z]{3}/[A-Z]{3}$'::text),
  constraint currency_conversions_rate_e10_check CHECK (rate_e10 > 0),
  constraint currency_conversions_rounding_check CHECK (rounding = ANY ('{half_even,half_up,down}'::text[])),
  constraint currency_conversions_second_pair_check CHECK (second_pair ~ '^[A-Z]{3}/[A-Z]{3}$'::text),
  constraint currency_conversions_second_rate CHECK ((second_pair IS NULL) = (second_rate_e10 IS NULL)),
  constraint currency_conversions_second_rate_e10_check CHECK (second_rate_e10 > 0),
  constraint currency_conversions_sold_minor_check CHECK (sold_minor > 0),
  constraint currency_conversions_source_check CHECK (source = ANY ('{given,table}'::text[]))
);
grant insert, select on currency_conversions to florin_app;
create policy own_book on currency_conversions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table currency_positions (
  book_id integer not null,
  currency text not null,
  equivalent_gl_code text not null,
  constraint currency_positions_pkey PRIMARY KEY (book_id, currency),
  constraint currency_positions_book_id_equivalent_gl_code_key UNIQUE (book_id, equivalent_gl_code),
  constraint currency_positions_book_id_equivalent_gl_code_fkey FOREIGN KEY (book_id, equivalent_gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint currency_positions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint currency_positions_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency)
);
grant insert, select on currency_positions to florin_app;
create policy own_book on currency_positions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table currency_revaluations (
  book_id integer not null,
  business_date date not null,
  currency text not null,
  position_minor bigint not null,
  is_direct boolean not null,
  rate_e10 bigint not null,
  rate_on date not null,
  before_minor bigint not null,
  after_minor bigint not null,
  entry_id uuid,
  constraint currency_revaluations_pkey PRIMARY KEY (book_id, business_date, currency),
  constraint currency_revaluations_book_id_currency_fkey FOREIGN KEY (book_id, currency) REFERENCES currency_positions(book_id, currency),
  constraint currency_revaluations_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint currency_revaluations_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint currency_revaluations_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint currency_revaluations_posted CHECK ((before_minor = after_minor) = (entry_id IS NULL)),
  constraint currency_revaluations_rate_e10_check CHECK (rate_e10 > 0),
  constraint currency_revaluations_rate_known CHECK (rate_on <= business_date)
);
grant insert, select on currency_revaluations to florin_app;
create policy own_book on currency_revaluations for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table customer_identifiers (
  book_id integer not null,
  value_hash bytea not null,
  customer_id uuid not null,
  field text not null,
  type text not null,
  country text,
  value_sealed bytea not null,
  constraint customer_identifiers_pkey PRIMARY KEY (book_id, value_hash),
  constraint customer_identifiers_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint customer_identifiers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint customer_identifiers_country_check CHECK (country ~ '^[A-Z]{2}$'::text),
  constraint customer_identifiers_field_check CHECK (field = ANY (ARRAY['nationalId'::text, 'registrationNumber'::text, 'identifiers'::text])),
  constraint customer_identifiers_type_check CHECK (type = ANY (ARRAY['national_id'::text, 'passport'::text, 'tax_id'::text, 'social_security'::text, 'residence_permit'::text, 'driving_licence'::text, 'registration_number'::text, 'vat_number'::text, 'lei'::text, 'other'::text])),
  constraint customer_identifiers_value_hash_check CHECK (length(value_hash) = 32),
  constraint customer_identifiers_value_sealed_check CHECK (length(value_sealed) >= 34 AND length(value_sealed) <= 400)
);
CREATE INDEX customer_identifiers_customer ON public.customer_identifiers USING btree (book_id, customer_id);
grant delete, insert, select on customer_identifiers to florin_app;
create policy own_book on customer_identifiers for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table customer_words (
  book_id integer not null,
  customer_id uuid not null,
  word text not null,
  constraint customer_words_pkey PRIMARY KEY (book_id, customer_id, word),
  constraint customer_words_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint customer_words_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint customer_words_word_check CHECK (length(word) >= 1 AND length(word) <= 100)
);
CREATE INDEX customer_words_word ON public.customer_words USING btree (book_id, word, customer_id);
grant delete, insert, select on customer_words to florin_app;
create policy own_book on customer_words for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  national_id_sealed bytea,
  national_id_hash bytea,
  trail_key bytea not null default uuid_send(gen_random_uuid()),
  region text,
  derived_version integer,
  deceased_on date,
  has_spellings boolean,
  constraint customers_pkey PRIMARY KEY (book_id, customer_id),
  constraint customers_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint customers_book_id_national_id_hash_key UNIQUE (book_id, national_id_hash),
  constraint customers_book_id_national_id_key UNIQUE (book_id, national_id),
  constraint customers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint customers_address_line1_check CHECK (length(address_line1) >= 1 AND length(address_line1) <= 200),
  constraint customers_address_line2_check CHECK (length(address_line2) >= 1 AND length(address_line2) <= 200),
  constraint customers_address_whole CHECK ((num_nonnulls(address_line1, city, country) = ANY (ARRAY[0, 3])) AND (num_nonnulls(address_line2, postal_code, region) = 0 OR address_line1 IS NOT NULL)),
  constraint customers_city_check CHECK (length(city) >= 1 AND length(city) <= 100),
  constraint customers_country_check CHECK (country ~ '^[A-Z]{2}$'::text),
  constraint customers_deceased_person CHECK (deceased_on IS NULL OR type = 'person'::text),
  constraint customers_deceased_whole CHECK (status <> 'deceased'::text OR deceased_on IS NOT NULL),
  constraint customers_email_check CHECK (length(email) >= 3 AND length(email) <= 254),
  constraint customers_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint customers_family_name_check CHECK (length(family_name) >= 1 AND length(family_name) <= 100),
  constraint customers_given_name_check CHECK (length(given_name) >= 1 AND length(given_name) <= 100),
  constraint customers_legal_name_check CHECK (length(legal_name) >= 1 AND length(legal_name) <= 200),
  constraint customers_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint customers_national_id_check CHECK (length(national_id) >= 1 AND length(national_id) <= 50),
  constraint customers_national_id_hash_check CHECK (length(national_id_hash) = 32),
  constraint customers_national_id_sealed_check CHECK (length(national_id_sealed) >= 34 AND length(national_id_sealed) <= 300),
  constraint customers_national_id_sealed_only CHECK (national_id IS NULL) NOT VALID,
  constraint customers_national_id_whole CHECK (num_nonnulls(national_id_sealed, national_id_hash) = ANY (ARRAY[0, 2])),
  constraint customers_person_or_organisation CHECK (
CASE type
    WHEN 'person'::text THEN num_nonnulls(given_name, family_name) > 0 AND date_of_birth IS NOT NULL AND legal_name IS NULL AND registration_number IS NULL
    ELSE legal_name IS NOT NULL AND given_name IS NULL AND family_name IS NULL AND date_of_birth IS NULL AND sex IS NULL
END),
  constraint customers_phone_check CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'::text),
  constraint customers_postal_code_check CHECK (length(postal_code) >= 1 AND length(postal_code) <= 20),
  constraint customers_region_check CHECK (length(region) >= 1 AND length(region) <= 100),
  constraint customers_registration_number_check CHECK (length(registration_number) >= 1 AND length(registration_number) <= 50),
  constraint customers_sex_check CHECK (sex = ANY (ARRAY['female'::text, 'male'::text])),
  constraint customers_status_known CHECK (status = ANY ('{active,deceased,closed}'::text[])),
  constraint customers_trail_key_check CHECK (length(trail_key) = 16),
  constraint customers_type_check CHECK (type = ANY (ARRAY['person'::text, 'organisation'::text])),
  constraint customers_version_check CHECK (version > 0)
);
CREATE INDEX customers_created ON public.customers USING btree (book_id, created_at, customer_id);
CREATE INDEX customers_email ON public.customers USING btree (book_id, lower(email));
CREATE INDEX customers_to_derive ON public.customers USING btree (book_id, customer_id) WHERE (derived_version IS DISTINCT FROM version);
CREATE INDEX customers_to_spell ON public.customers USING btree (book_id, customer_id) WHERE ((has_spellings IS NULL) AND (((((COALESCE(given_name, ''::text) || ' '::text) || COALESCE(family_name, ''::text)) || ' '::text) || COALESCE(legal_name, ''::text)) ~* '(ae|oe|ue|aa|[æøåÆØÅ])'::text));
grant delete, insert, select, update on customers to florin_app;
create policy own_book on customers for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table data_keys (
  book_id integer not null,
  check_value bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint data_keys_pkey PRIMARY KEY (book_id),
  constraint data_keys_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint data_keys_check_value_check CHECK (length(check_value) = 32)
);
grant insert, select on data_keys to florin_app;
create policy own_book on data_keys for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table deleted_customers (
  book_id integer not null,
  customer_id uuid not null,
  deleted_at timestamp with time zone not null default now(),
  constraint deleted_customers_pkey PRIMARY KEY (book_id, customer_id),
  constraint deleted_customers_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
CREATE INDEX deleted_customers_at ON public.deleted_customers USING btree (book_id, deleted_at);
grant insert, select on deleted_customers to florin_app;
create policy own_book on deleted_customers for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table deposit_events (
  book_id integer not null,
  account_id uuid not null,
  event_number integer not null,
  kind text not null,
  happened_on date not null,
  amount_minor bigint,
  entry_id uuid,
  details jsonb not null,
  actor text not null,
  created_at timestamp with time zone not null,
  constraint deposit_events_pkey PRIMARY KEY (book_id, account_id, event_number),
  constraint deposit_events_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES deposits(book_id, account_id) ON DELETE CASCADE,
  constraint deposit_events_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint deposit_events_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint deposit_events_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint deposit_events_amount_minor_check CHECK (amount_minor >= 0),
  constraint deposit_events_details_check CHECK (jsonb_typeof(details) = 'object'::text),
  constraint deposit_events_event_number_check CHECK (event_number > 0),
  constraint deposit_events_kind_known CHECK (kind = ANY ('{opened,instructed,instalment_paid,instalment_missed,interest_paid,closed_early,matured,waiting,renewed,paid_out}'::text[]))
);
grant insert, select on deposit_events to florin_app;
create policy own_book on deposit_events for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table deposits (
  book_id integer not null,
  account_id uuid not null,
  product_code text not null,
  currency text not null,
  terms_version integer not null,
  principal_minor bigint not null,
  rate_ppm bigint not null,
  term_unit text not null,
  term_count integer not null,
  opened_on date not null,
  matures_on date not null,
  notice_due_on date,
  pays_interest_out boolean not null,
  payout_account_id uuid not null,
  on_maturity text not null,
  renewal_product text,
  renewal_unit text,
  renewal_count integer,
  status text not null,
  waits_for text,
  ended_on date,
  renews_id uuid,
  renewed_as_id uuid,
  last_event_number integer not null,
  version integer not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  collected_from_id uuid,
  instalment_minor bigint,
  instalment_frequency text,
  instalment_count integer,
  instalments_settled integer,
  instalments_missed integer,
  next_instalment_on date,
  constraint deposits_pkey PRIMARY KEY (book_id, account_id),
  constraint deposits_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint deposits_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint deposits_book_id_product_code_currency_terms_version_fkey FOREIGN KEY (book_id, product_code, currency, terms_version) REFERENCES product_terms(book_id, product_code, currency, version),
  constraint deposits_collected_from_fkey FOREIGN KEY (book_id, collected_from_id) REFERENCES accounts(book_id, account_id),
  constraint deposits_payout_fkey FOREIGN KEY (book_id, payout_account_id) REFERENCES accounts(book_id, account_id),
  constraint deposits_created_by_check CHECK (length(created_by) >= 1 AND length(created_by) <= 100),
  constraint deposits_dates CHECK (matures_on > opened_on AND notice_due_on >= opened_on AND notice_due_on <= matures_on),
  constraint deposits_frequency_known CHECK (instalment_frequency = ANY ('{weekly,monthly,quarterly,yearly}'::text[])),
  constraint deposits_instalments_in_order CHECK (instalments_settled >= 1 AND instalments_settled <= instalment_count AND instalments_missed >= 0 AND instalments_missed <= instalment_count),
  constraint deposits_instalments_positive CHECK (instalment_minor > 0),
  constraint deposits_instalments_whole CHECK ((num_nulls(collected_from_id, instalment_minor, instalment_frequency, instalment_count, instalments_settled, instalments_missed) = ANY (ARRAY[0, 6])) AND (next_instalment_on IS NULL OR instalment_minor IS NOT NULL)),
  constraint deposits_last_event_number_check CHECK (last_event_number > 0),
  constraint deposits_not_own_source CHECK (collected_from_id <> account_id),
  constraint deposits_on_maturity_check CHECK (on_maturity = ANY (ARRAY['pay_out'::text, 'renew'::text, 'renew_principal'::text])),
  constraint deposits_over CHECK ((ended_on IS NOT NULL) = (status <> ALL (ARRAY['active'::text, 'matured'::text]))),
  constraint deposits_own_account CHECK (payout_account_id <> account_id),
  constraint deposits_principal_minor_check CHECK (principal_minor > 0),
  constraint deposits_rate_ppm_check CHECK (rate_ppm >= 0 AND rate_ppm <= 10000000),
  constraint deposits_renewal CHECK ((renewal_unit IS NULL) = (renewal_count IS NULL)),
  constraint deposits_renewal_count_check CHECK (renewal_count > 0),
  constraint deposits_renewal_unit_check CHECK (renewal_unit = ANY (ARRAY['month'::text, 'day'::text])),
  constraint deposits_renewed CHECK (renewed_as_id IS NOT NULL OR status <> 'renewed'::text),
  constraint deposits_status_check CHECK (status = ANY (ARRAY['active'::text, 'matured'::text, 'paid_out'::text, 'renewed'::text, 'closed_early'::text])),
  constraint deposits_term_count_check CHECK (term_count > 0),
  constraint deposits_term_unit_check CHECK (term_unit = ANY (ARRAY['month'::text, 'day'::text])),
  constraint deposits_version_check CHECK (version > 0),
  constraint deposits_waits_for_check CHECK (length(waits_for) >= 1 AND length(waits_for) <= 60)
);
CREATE INDEX deposits_by_maturity ON public.deposits USING btree (book_id, matures_on, account_id);
CREATE INDEX deposits_by_payout ON public.deposits USING btree (book_id, payout_account_id);
CREATE INDEX deposits_by_source ON public.deposits USING btree (book_id, collected_from_id) WHERE (collected_from_id IS NOT NULL);
CREATE INDEX deposits_open ON public.deposits USING btree (book_id, account_id) WHERE (status = ANY (ARRAY['active'::text, 'matured'::text]));
CREATE INDEX deposits_with_instalments ON public.deposits USING btree (book_id, account_id) WHERE ((instalment_minor IS NOT NULL) AND (status = 'active'::text));
grant insert, select, update (collected_from_id, ended_on, instalment_count, instalments_missed, instalments_settled, last_event_number, matures_on, next_instalment_on, notice_due_on, on_maturity, payout_account_id, principal_minor, renewal_count, renewal_product, renewal_unit, renewed_as_id, status, updated_at, version, waits_for) on deposits to florin_app;
create policy own_book on deposits for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_balances (
  book_id integer not null,
  business_date date not null,
  ledger_account_id uuid not null,
  balance_minor numeric(38,0) not null,
  seq bigint,
  constraint end_of_day_balances_pkey PRIMARY KEY (book_id, business_date, ledger_account_id),
  constraint end_of_day_balances_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_balances_book_id_ledger_account_id_fkey FOREIGN KEY (book_id, ledger_account_id) REFERENCES ledger_accounts(book_id, ledger_account_id),
  constraint end_of_day_balances_seq_check CHECK (seq > 0)
);
CREATE INDEX end_of_day_balances_account ON public.end_of_day_balances USING btree (book_id, ledger_account_id, business_date);
grant insert, select on end_of_day_balances to florin_app;
create policy own_book on end_of_day_balances for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_closings (
  book_id integer not null,
  until_on date not null,
  actor text not null,
  started_at timestamp with time zone not null,
  stopped_by text,
  ended_at timestamp with time zone,
  constraint end_of_day_closings_pkey PRIMARY KEY (book_id),
  constraint end_of_day_closings_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_closings_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint end_of_day_closings_stopped_by_check CHECK (length(stopped_by) >= 1 AND length(stopped_by) <= 100)
);
grant insert, select, update on end_of_day_closings to florin_app;
create policy own_book on end_of_day_closings for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_loans (
  book_id integer not null,
  business_date date not null,
  loan_product_id uuid not null,
  bucket text not null,
  loans integer not null,
  principal_minor bigint not null,
  interest_minor bigint not null,
  fees_minor bigint not null,
  penalties_minor bigint not null,
  arrears_minor bigint not null,
  provision_minor bigint not null,
  required_minor bigint not null,
  non_accrual_loans integer not null default 0,
  memorandum_minor bigint not null default 0,
  collateral_minor bigint not null default 0,
  secured_minor bigint not null default 0,
  guaranteed_loans integer not null default 0,
  co_borrower_loans integer not null default 0,
  constraint end_of_day_loans_pkey PRIMARY KEY (book_id, business_date, loan_product_id, bucket),
  constraint end_of_day_loans_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_loans_book_id_loan_product_id_fkey FOREIGN KEY (book_id, loan_product_id) REFERENCES loan_products(book_id, loan_product_id),
  constraint end_of_day_loans_bucket_check CHECK (bucket = ANY (ARRAY['current'::text, 'days1To30'::text, 'days31To60'::text, 'days61To90'::text, 'over90'::text])),
  constraint end_of_day_loans_loans_check CHECK (loans > 0)
);
grant insert, select on end_of_day_loans to florin_app;
create policy own_book on end_of_day_loans for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_runs (
  book_id integer not null,
  business_date date not null,
  status text not null default 'running'::text,
  actor text not null,
  started_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  failure_code text,
  failure_message text,
  constraint end_of_day_runs_pkey PRIMARY KEY (book_id, business_date),
  constraint end_of_day_runs_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_runs_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint end_of_day_runs_completed_at CHECK ((status = 'completed'::text) = (completed_at IS NOT NULL)),
  constraint end_of_day_runs_failure CHECK ((status = 'failed'::text) = (failure_code IS NOT NULL) AND (failure_code IS NULL) = (failure_message IS NULL)),
  constraint end_of_day_runs_failure_code_check CHECK (length(failure_code) >= 1 AND length(failure_code) <= 100),
  constraint end_of_day_runs_failure_message_check CHECK (length(failure_message) >= 1 AND length(failure_message) <= 1000),
  constraint end_of_day_runs_status_check CHECK (status = ANY (ARRAY['running'::text, 'failed'::text, 'completed'::text]))
);
grant insert, select, update (completed_at, failure_code, failure_message, status) on end_of_day_runs to florin_app;
create policy own_book on end_of_day_runs for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_steps (
  book_id integer not null,
  business_date date not null,
  step_number integer not null,
  name text not null,
  status text not null default 'pending'::text,
  position text,
  processed bigint not null default 0,
  counts jsonb not null default '{}'::jsonb,
  completed_at timestamp with time zone,
  constraint end_of_day_steps_pkey PRIMARY KEY (book_id, business_date, step_number),
  constraint end_of_day_steps_book_id_business_date_fkey FOREIGN KEY (book_id, business_date) REFERENCES end_of_day_runs(book_id, business_date),
  constraint end_of_day_steps_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_steps_completed_at CHECK ((status = 'completed'::text) = (completed_at IS NOT NULL)),
  constraint end_of_day_steps_counts_check CHECK (jsonb_typeof(counts) = 'object'::text),
  constraint end_of_day_steps_name_check CHECK (name ~ '^[a-z][a-z-]{0,49}$'::text),
  constraint end_of_day_steps_processed_check CHECK (processed >= 0),
  constraint end_of_day_steps_status_check CHECK (status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text])),
  constraint end_of_day_steps_step_number_check CHECK (step_number > 0)
);
grant insert, select, update (completed_at, counts, position, processed, status) on end_of_day_steps to florin_app;
create policy own_book on end_of_day_steps for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table end_of_day_totals (
  book_id integer not null,
  business_date date not null,
  gl_code text not null,
  currency text not null,
  balance_minor numeric(38,0) not null,
  constraint end_of_day_totals_pkey PRIMARY KEY (book_id, business_date, gl_code, currency),
  constraint end_of_day_totals_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint end_of_day_totals_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint end_of_day_totals_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency)
);
grant insert, select on end_of_day_totals to florin_app;
create policy own_book on end_of_day_totals for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table exchange_rates (
  book_id integer not null,
  currency text not null,
  valid_on date not null,
  is_direct boolean not null,
  bid_e10 bigint not null,
  ask_e10 bigint not null,
  mid_e10 bigint not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint exchange_rates_pkey PRIMARY KEY (book_id, currency, valid_on),
  constraint exchange_rates_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint exchange_rates_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint exchange_rates_bid_e10_check CHECK (bid_e10 > 0),
  constraint exchange_rates_in_order CHECK (bid_e10 <= mid_e10 AND mid_e10 <= ask_e10),
  constraint exchange_rates_set_by_check CHECK (length(set_by) >= 1 AND length(set_by) <= 100)
);
grant insert, select, update (ask_e10, bid_e10, is_direct, mid_e10, set_at, set_by) on exchange_rates to florin_app;
create policy own_book on exchange_rates for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table fee_lines (
  book_id integer not null,
  entry_id uuid not null,
  line integer not null,
  fee_id uuid not null,
  part text not null,
  constraint fee_lines_pkey PRIMARY KEY (book_id, entry_id, line),
  constraint fee_lines_book_id_entry_id_line_fkey FOREIGN KEY (book_id, entry_id, line) REFERENCES postings(book_id, entry_id, line),
  constraint fee_lines_part_check CHECK (part = ANY (ARRAY['fee'::text, 'tax'::text]))
);
CREATE INDEX fee_lines_fee ON public.fee_lines USING btree (book_id, fee_id);
grant insert, select on fee_lines to florin_app;
create policy own_book on fee_lines for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table former_data_keys (
  book_id integer not null,
  key_number integer not null,
  check_value bytea not null,
  key_sealed bytea not null,
  last_sheet_number bigint not null,
  retired_at timestamp with time zone not null,
  constraint former_data_keys_pkey PRIMARY KEY (book_id, key_number),
  constraint former_data_keys_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint former_data_keys_check_value_check CHECK (length(check_value) = 32),
  constraint former_data_keys_key_number_check CHECK (key_number > 0),
  constraint former_data_keys_key_sealed_check CHECK (length(key_sealed) >= 34 AND length(key_sealed) <= 200),
  constraint former_data_keys_last_sheet_number_check CHECK (last_sheet_number >= 0)
);
grant select on former_data_keys to florin_app;
create policy own_book on former_data_keys for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table gl_accounts (
  book_id integer not null,
  gl_code text not null,
  name text not null,
  class text not null,
  parent_code text,
  is_group boolean not null default false,
  manual_posting boolean,
  is_control boolean,
  retired boolean not null default false,
  version integer not null default 1,
  constraint gl_accounts_pkey PRIMARY KEY (book_id, gl_code),
  constraint gl_accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint gl_accounts_parent_fkey FOREIGN KEY (book_id, parent_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint gl_accounts_class_check CHECK (class = ANY (ARRAY['asset'::text, 'liability'::text, 'equity'::text, 'income'::text, 'expense'::text])),
  constraint gl_accounts_code_known CHECK (gl_code ~ '^[0-9]{1,10}$'::text),
  constraint gl_accounts_control_is_not_manual CHECK (NOT (is_control AND manual_posting)),
  constraint gl_accounts_name_check CHECK (name <> ''::text)
);
grant insert, select, update (class, is_group, manual_posting, name, parent_code, retired, version) on gl_accounts to florin_app;
create policy own_book on gl_accounts for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table hold_captures (
  book_id integer not null,
  hold_id uuid not null,
  capture_number integer not null,
  transaction_id uuid not null,
  amount_minor bigint not null,
  captured_minor bigint not null,
  is_last boolean not null,
  created_at timestamp with time zone not null,
  hold_minor bigint,
  is_forced boolean not null default false,
  constraint hold_captures_pkey PRIMARY KEY (book_id, hold_id, capture_number),
  constraint hold_captures_book_id_transaction_id_key UNIQUE (book_id, transaction_id),
  constraint hold_captures_book_id_hold_id_fkey FOREIGN KEY (book_id, hold_id) REFERENCES holds(book_id, hold_id) ON DELETE CASCADE,
  constraint hold_captures_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint hold_captures_amount_minor_check CHECK (amount_minor > 0),
  constraint hold_captures_capture_number_check CHECK (capture_number > 0),
  constraint hold_captures_check CHECK (captured_minor >= amount_minor),
  constraint hold_captures_hold_minor_check CHECK (hold_minor > 0)
);
grant insert, select on hold_captures to florin_app;
create policy own_book on hold_captures for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table holder_invitations (
  book_id integer not null,
  invitation_id uuid not null,
  account_id uuid not null,
  customer_id uuid not null,
  role text not null,
  status text not null default 'open'::text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  constraint holder_invitations_pkey PRIMARY KEY (book_id, invitation_id),
  constraint holder_invitations_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint holder_invitations_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint holder_invitations_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint holder_invitations_answered CHECK ((status = 'open'::text) = (answered_at IS NULL)),
  constraint holder_invitations_check CHECK (expires_at > created_at),
  constraint holder_invitations_role_check CHECK (role = ANY (ARRAY['joint'::text, 'authorised'::text])),
  constraint holder_invitations_status_check CHECK (status = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))
);
CREATE INDEX holder_invitations_account ON public.holder_invitations USING btree (book_id, account_id);
CREATE INDEX holder_invitations_customer ON public.holder_invitations USING btree (book_id, customer_id);
CREATE UNIQUE INDEX holder_invitations_one_open ON public.holder_invitations USING btree (book_id, account_id, customer_id) WHERE (status = 'open'::text);
grant insert, select, update on holder_invitations to florin_app;
create policy own_book on holder_invitations for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table holds (
  book_id integer not null,
  hold_id uuid not null,
  account_id uuid not null,
  currency text not null,
  amount_minor bigint not null,
  captured_minor bigint not null default 0,
  status text not null default 'active'::text,
  expires_at timestamp with time zone,
  reference text,
  placed_by text not null,
  placed_on date not null,
  actor text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  version integer not null default 1,
  first_amount_minor bigint,
  first_expires_at timestamp with time zone,
  external_id text,
  metadata jsonb,
  first_labels jsonb,
  updated_at timestamp with time zone,
  constraint holds_pkey PRIMARY KEY (book_id, hold_id),
  constraint holds_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint holds_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint holds_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint holds_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint holds_amount_minor_check CHECK (amount_minor > 0),
  constraint holds_captured_minor_check CHECK (captured_minor >= 0),
  constraint holds_ended CHECK ((status = 'active'::text) = (ended_at IS NULL)),
  constraint holds_expires_later CHECK (expires_at > created_at),
  constraint holds_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint holds_first_amount_minor_check CHECK (first_amount_minor > 0),
  constraint holds_first_labels_check CHECK (jsonb_typeof(first_labels) = 'object'::text),
  constraint holds_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint holds_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint holds_placed_by_check CHECK (placed_by = ANY (ARRAY['bank'::text, 'holder'::text])),
  constraint holds_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint holds_request_hash_check CHECK (length(request_hash) = 32),
  constraint holds_status_check CHECK (status = ANY (ARRAY['active'::text, 'captured'::text, 'released'::text, 'expired'::text])),
  constraint holds_used_up_is_ended CHECK (status <> 'active'::text OR captured_minor < amount_minor),
  constraint holds_version_check CHECK (version > 0)
);
CREATE INDEX holds_account ON public.holds USING btree (book_id, account_id, hold_id);
CREATE UNIQUE INDEX holds_external_id ON public.holds USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX holds_idempotency ON public.holds USING btree (book_id, actor, idempotency_key);
CREATE INDEX holds_overdue ON public.holds USING btree (book_id, expires_at, hold_id) WHERE ((status = 'active'::text) AND (expires_at IS NOT NULL));
CREATE INDEX holds_placed_on ON public.holds USING btree (book_id, account_id, placed_on) INCLUDE (amount_minor);
grant insert, select, update (amount_minor, captured_minor, ended_at, expires_at, external_id, first_amount_minor, first_expires_at, first_labels, metadata, status, updated_at, version) on holds to florin_app;
create policy own_book on holds for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table holidays (
  book_id integer not null,
  holiday_on date not null,
  name text not null,
  constraint holidays_pkey PRIMARY KEY (book_id, holiday_on),
  constraint holidays_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint holidays_name_check CHECK (length(name) >= 1 AND length(name) <= 100)
);
grant delete, insert, select, update on holidays to florin_app;
create policy own_book on holidays for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table idempotency_keys (
  book_id integer not null,
  actor text not null,
  idempotency_key text not null,
  operation text not null,
  request_hash bytea not null,
  answer bytea,
  about uuid[] not null default '{}'::uuid[],
  created_at timestamp with time zone not null,
  constraint idempotency_keys_pkey PRIMARY KEY (book_id, actor, idempotency_key),
  constraint idempotency_keys_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint idempotency_keys_about CHECK (array_position(about, NULL::uuid) IS NULL),
  constraint idempotency_keys_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint idempotency_keys_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint idempotency_keys_operation_check CHECK (operation ~ '^[a-zA-Z]+$'::text AND length(operation) <= 100),
  constraint idempotency_keys_request_hash_check CHECK (length(request_hash) = 32)
);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (book_id, created_at) WHERE (created_at > '-infinity'::timestamp with time zone);
grant delete, insert, select, update (answer) on idempotency_keys to florin_app;
create policy own_book on idempotency_keys for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
create policy own_book on imported_records for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
create policy own_book on imports for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table incoming_payments (
  book_id integer not null,
  incoming_payment_id uuid not null,
  external_reference text,
  request_hash bytea not null,
  returned_payment_id uuid,
  iban text,
  currency text not null,
  amount_minor bigint not null,
  debtor_name text,
  debtor_iban text,
  reference text,
  value_date date not null,
  status text not null,
  problem text,
  reason text,
  account_id uuid,
  entry_id uuid not null,
  ending_entry_id uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  reason_code text,
  returned_on date,
  return_entry_id uuid,
  creditor_account text,
  debtor_account text,
  as_received jsonb,
  external_id text,
  metadata jsonb,
  customer_reason text,
  is_claim boolean not null default false,
  constraint incoming_payments_pkey PRIMARY KEY (book_id, incoming_payment_id),
  constraint incoming_payments_book_id_entry_id_key UNIQUE (book_id, entry_id),
  constraint incoming_payments_external_reference UNIQUE (book_id, external_reference),
  constraint incoming_payments_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint incoming_payments_book_id_ending_entry_id_fkey FOREIGN KEY (book_id, ending_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint incoming_payments_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint incoming_payments_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint incoming_payments_book_id_returned_payment_id_fkey FOREIGN KEY (book_id, returned_payment_id) REFERENCES outgoing_payments(book_id, transaction_id),
  constraint incoming_payments_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint incoming_payments_return_entry_fkey FOREIGN KEY (book_id, return_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint incoming_payments_amount_minor_check CHECK (amount_minor > 0),
  constraint incoming_payments_as_received_check CHECK (jsonb_typeof(as_received) = 'object'::text),
  constraint incoming_payments_claim_check CHECK (NOT is_claim OR return_entry_id IS NOT NULL),
  constraint incoming_payments_credited CHECK (
CASE status
    WHEN 'unresolved'::text THEN account_id IS NULL
    WHEN 'returned'::text THEN (account_id IS NOT NULL) = (return_entry_id IS NOT NULL)
    ELSE account_id IS NOT NULL
END),
  constraint incoming_payments_creditor_account_check CHECK (creditor_account IS NULL OR length(creditor_account) >= 1 AND length(creditor_account) <= 35 AND iban IS NULL),
  constraint incoming_payments_customer_reason_check CHECK (length(customer_reason) >= 1 AND length(customer_reason) <= 500),
  constraint incoming_payments_debtor_account_check CHECK (debtor_account IS NULL OR length(debtor_account) >= 1 AND length(debtor_account) <= 35 AND debtor_iban IS NULL),
  constraint incoming_payments_debtor_iban_check CHECK (debtor_iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint incoming_payments_debtor_name_check CHECK (length(debtor_name) >= 1 AND length(debtor_name) <= 140),
  constraint incoming_payments_ended_by_entry CHECK (
CASE
    WHEN problem IS NULL THEN ending_entry_id IS NULL
    ELSE (status = ANY ('{resolved,returned}'::text[])) = (ending_entry_id IS NOT NULL)
END),
  constraint incoming_payments_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint incoming_payments_external_reference_check CHECK (length(external_reference) >= 1 AND length(external_reference) <= 140),
  constraint incoming_payments_iban_check CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint incoming_payments_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint incoming_payments_origin CHECK ((external_reference IS NULL) = (returned_payment_id IS NOT NULL)),
  constraint incoming_payments_problem CHECK (
CASE status
    WHEN 'credited'::text THEN problem IS NULL
    WHEN 'returned'::text THEN problem IS NOT NULL OR return_entry_id IS NOT NULL
    ELSE problem IS NOT NULL
END),
  constraint incoming_payments_problem_known CHECK (problem = ANY ('{unknown_iban,unknown_account,account_closed,account_frozen,account_under_contract,currency_mismatch,balance_overflow,business_date_closed}'::text[])),
  constraint incoming_payments_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 140),
  constraint incoming_payments_reason_code_check CHECK (reason_code ~ '^[A-Z0-9]{4}$'::text),
  constraint incoming_payments_reason_of_return CHECK ((status = 'returned'::text) = (reason IS NOT NULL)),
  constraint incoming_payments_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint incoming_payments_request_hash_check CHECK (length(request_hash) = 32),
  constraint incoming_payments_return_check CHECK ((return_entry_id IS NULL OR status = 'returned'::text) AND (returned_on IS NULL OR status = 'returned'::text) AND (reason_code IS NULL OR status = 'returned'::text)),
  constraint incoming_payments_status_check CHECK (status = ANY (ARRAY['credited'::text, 'unresolved'::text, 'resolved'::text, 'returned'::text]))
);
CREATE INDEX incoming_payments_account ON public.incoming_payments USING btree (book_id, account_id);
CREATE UNIQUE INDEX incoming_payments_external_id ON public.incoming_payments USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX incoming_payments_status ON public.incoming_payments USING btree (book_id, status, incoming_payment_id);
grant insert, select, update (account_id, customer_reason, ending_entry_id, is_claim, reason, reason_code, return_entry_id, returned_on, status, updated_at) on incoming_payments to florin_app;
create policy own_book on incoming_payments for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table incoming_references (
  book_id integer not null,
  reference_hash bytea not null,
  entry_id uuid not null,
  constraint incoming_references_pkey PRIMARY KEY (book_id, reference_hash),
  constraint incoming_references_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint incoming_references_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint incoming_references_reference_hash_check CHECK (length(reference_hash) = 32)
);
grant insert, select on incoming_references to florin_app;
create policy own_book on incoming_references for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table interest_agreements (
  book_id integer not null,
  account_id uuid not null,
  through_on date not null,
  terms jsonb not null,
  settled_on date,
  constraint interest_agreements_pkey PRIMARY KEY (book_id, account_id),
  constraint interest_agreements_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint interest_agreements_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint interest_agreements_terms_check CHECK (jsonb_typeof(terms) = 'object'::text)
);
grant insert, select, update (settled_on, terms, through_on) on interest_agreements to florin_app;
create policy own_book on interest_agreements for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table interest_positions (
  book_id integer not null,
  account_id uuid not null,
  period_from date not null,
  accrued_through date not null,
  seq bigint not null,
  state jsonb not null,
  limits jsonb not null,
  credit_minor bigint not null,
  debit_minor bigint not null,
  recount_from date,
  constraint interest_positions_pkey PRIMARY KEY (book_id, account_id),
  constraint interest_positions_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint interest_positions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint interest_positions_dates CHECK (accrued_through >= (period_from - 1)),
  constraint interest_positions_limits_check CHECK (jsonb_typeof(limits) = 'array'::text),
  constraint interest_positions_seq_check CHECK (seq >= 0),
  constraint interest_positions_state_check CHECK (jsonb_typeof(state) = 'object'::text)
);
grant insert, select, update on interest_positions to florin_app;
create policy own_book on interest_positions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table interest_postings (
  book_id integer not null,
  account_id uuid not null,
  posting_number integer not null,
  period_from date not null,
  period_to date not null,
  is_correction boolean not null,
  credit_minor bigint not null,
  arranged_minor bigint not null,
  unarranged_minor bigint not null,
  tax jsonb not null,
  credit_entry_id uuid,
  debit_entry_id uuid,
  tax_entry_id uuid,
  constraint interest_postings_pkey PRIMARY KEY (book_id, account_id, posting_number),
  constraint interest_postings_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint interest_postings_book_id_credit_entry_id_fkey FOREIGN KEY (book_id, credit_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint interest_postings_book_id_debit_entry_id_fkey FOREIGN KEY (book_id, debit_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint interest_postings_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint interest_postings_book_id_tax_entry_id_fkey FOREIGN KEY (book_id, tax_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint interest_postings_period CHECK (period_to >= period_from),
  constraint interest_postings_posting_number_check CHECK (posting_number > 0),
  constraint interest_postings_tax_check CHECK (jsonb_typeof(tax) = 'array'::text)
);
grant insert, select on interest_postings to florin_app;
create policy own_book on interest_postings for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  reversal_number integer,
  constraint journal_entries_pkey PRIMARY KEY (book_id, entry_id),
  constraint journal_entries_book_id_reverses_entry_id_fkey FOREIGN KEY (book_id, reverses_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint journal_entries_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint journal_entries_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint journal_entries_key_has_hash CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  constraint journal_entries_kind_is_one CHECK (kind = ANY ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,interest_accrual,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_accrual,loan_loss,loan_recovery,opening_balance,journal,year_end,revaluation,reversal}'::text[])),
  constraint journal_entries_request_hash_check CHECK (length(request_hash) = 32),
  constraint journal_entries_reversal_names_its_entry CHECK ((kind = 'reversal'::text) = (reverses_entry_id IS NOT NULL)),
  constraint journal_entries_reversal_number_check CHECK (reversal_number IS NULL OR reversal_number > 1 AND reverses_entry_id IS NOT NULL)
);
CREATE INDEX journal_entries_business_date ON public.journal_entries USING btree (book_id, business_date, entry_id);
CREATE INDEX journal_entries_for_later ON public.journal_entries USING btree (book_id, value_date, entry_id) WHERE ((value_date > business_date) AND (kind <> 'interest'::text) AND (kind <> 'withholding_tax'::text));
CREATE UNIQUE INDEX journal_entries_idempotency ON public.journal_entries USING btree (book_id, actor, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE UNIQUE INDEX journal_entries_reversals ON public.journal_entries USING btree (book_id, reverses_entry_id, reversal_number) NULLS NOT DISTINCT WHERE (reverses_entry_id IS NOT NULL);
grant insert, select on journal_entries to florin_app;
create policy own_book on journal_entries for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table known_devices (
  book_id integer not null,
  device_hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  constraint known_devices_pkey PRIMARY KEY (book_id, device_hash),
  constraint known_devices_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint known_devices_book_id_user_id_fkey FOREIGN KEY (book_id, user_id) REFERENCES users(book_id, user_id) ON DELETE CASCADE,
  constraint known_devices_device_hash_check CHECK (length(device_hash) = 32)
);
CREATE INDEX known_devices_user ON public.known_devices USING btree (book_id, user_id, last_used_at);
grant delete, insert, select, update on known_devices to florin_app;
create policy own_book on known_devices for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  frozen_what text,
  is_estate boolean not null default false,
  unarranged_minor bigint not null default 0,
  minimum_minor bigint not null default 0,
  opening_deposit_minor bigint not null default 0,
  is_contract boolean not null default false,
  constraint ledger_accounts_pkey PRIMARY KEY (book_id, ledger_account_id),
  constraint ledger_accounts_book_id_ledger_account_id_currency_key UNIQUE (book_id, ledger_account_id, currency),
  constraint ledger_accounts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint ledger_accounts_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint ledger_accounts_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint ledger_accounts_balance_above_lowest CHECK ((balance_minor - held_minor) >= (floor_minor - unarranged_minor)),
  constraint ledger_accounts_closed_is_empty CHECK (status <> 'closed'::text OR balance_minor = 0 AND held_minor = 0),
  constraint ledger_accounts_floor_minor_check CHECK (floor_minor <= 0),
  constraint ledger_accounts_floor_of_customers CHECK ((kind = 'customer'::text) = (floor_minor IS NOT NULL)),
  constraint ledger_accounts_frozen_what_check CHECK (frozen_what = ANY ('{debits,all}'::text[])),
  constraint ledger_accounts_held_minor_check CHECK (held_minor >= 0),
  constraint ledger_accounts_internal_keeps_no_balance CHECK (kind = 'customer'::text OR balance_minor = 0 AND held_minor = 0 AND seq = 0),
  constraint ledger_accounts_kind_check CHECK (kind = ANY ('{customer,internal}'::text[])),
  constraint ledger_accounts_minimum_minor_check CHECK (minimum_minor >= 0),
  constraint ledger_accounts_opening_deposit_minor_check CHECK (opening_deposit_minor >= 0),
  constraint ledger_accounts_seq_check CHECK (seq >= 0),
  constraint ledger_accounts_status_known CHECK (status = ANY ('{active,dormant,frozen,closed}'::text[])),
  constraint ledger_accounts_unarranged_minor_check CHECK (unarranged_minor >= 0)
) with (fillfactor=70);
CREATE UNIQUE INDEX ledger_accounts_internal ON public.ledger_accounts USING btree (book_id, gl_code, currency) WHERE (kind = 'internal'::text);
CREATE INDEX ledger_accounts_unarranged ON public.ledger_accounts USING btree (book_id, ledger_account_id) WHERE (unarranged_minor > 0);
grant insert, select, update (balance_minor, floor_minor, frozen_what, held_minor, is_contract, is_estate, last_business_date, last_posted_at, minimum_minor, seq, status, unarranged_minor) on ledger_accounts to florin_app;
create policy own_book on ledger_accounts for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table limited_books (
  book_id integer not null,
  constraint limited_books_pkey PRIMARY KEY (book_id),
  constraint limited_books_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant insert, select on limited_books to florin_app;
create policy own_book on limited_books for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loan_collateral (
  book_id integer not null,
  loan_id uuid not null,
  collateral_number integer not null,
  kind text not null,
  description text not null,
  value_minor bigint not null,
  valued_on date not null,
  released_on date,
  constraint loan_collateral_pkey PRIMARY KEY (book_id, loan_id, collateral_number),
  constraint loan_collateral_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loan_collateral_book_id_loan_id_fkey FOREIGN KEY (book_id, loan_id) REFERENCES loans(book_id, loan_id) ON DELETE CASCADE,
  constraint loan_collateral_collateral_number_check CHECK (collateral_number > 0),
  constraint loan_collateral_description_check CHECK (length(description) >= 1 AND length(description) <= 500),
  constraint loan_collateral_kind_check CHECK (kind = ANY (ARRAY['real_estate'::text, 'vehicle'::text, 'deposit'::text, 'securities'::text, 'goods'::text, 'other'::text])),
  constraint loan_collateral_released CHECK (released_on >= valued_on),
  constraint loan_collateral_value_minor_check CHECK (value_minor > 0)
);
grant insert, select, update (released_on) on loan_collateral to florin_app;
create policy own_book on loan_collateral for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loan_events (
  book_id integer not null,
  loan_id uuid not null,
  event_number integer not null,
  kind text not null,
  happened_on date not null,
  booked_on date not null,
  amount_minor bigint not null default 0,
  principal_minor bigint not null default 0,
  interest_minor bigint not null default 0,
  fees_minor bigint not null default 0,
  penalties_minor bigint not null default 0,
  owed_principal_minor bigint not null,
  owed_interest_minor bigint not null,
  owed_fees_minor bigint not null,
  owed_penalties_minor bigint not null,
  version integer not null,
  details jsonb not null default '{}'::jsonb,
  entry_id uuid,
  actor text not null,
  idempotency_key text,
  request_hash bytea,
  created_at timestamp with time zone not null,
  external_id text,
  metadata jsonb,
  constraint loan_events_pkey PRIMARY KEY (book_id, loan_id, event_number),
  constraint loan_events_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint loan_events_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loan_events_book_id_loan_id_fkey FOREIGN KEY (book_id, loan_id) REFERENCES loans(book_id, loan_id) ON DELETE CASCADE,
  constraint loan_events_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint loan_events_amount_minor_check CHECK (amount_minor >= 0),
  constraint loan_events_details_check CHECK (jsonb_typeof(details) = 'object'::text),
  constraint loan_events_event_number_check CHECK (event_number > 0),
  constraint loan_events_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint loan_events_fees_minor_check CHECK (fees_minor >= 0),
  constraint loan_events_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint loan_events_interest_minor_check CHECK (interest_minor >= 0),
  constraint loan_events_key_has_hash CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  constraint loan_events_kind_known CHECK (kind = ANY (ARRAY['applied'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'disbursed'::text, 'repaid'::text, 'rescheduled'::text, 'charged_off'::text, 'written_off'::text, 'recovered'::text, 'repayment_undone'::text, 'undone'::text, 'waived'::text, 'charged'::text, 'fell_due'::text, 'late_fee'::text, 'paid_ahead'::text, 'party_added'::text, 'party_removed'::text, 'collateral_added'::text, 'collateral_released'::text, 'income_suspended'::text, 'income_resumed'::text])),
  constraint loan_events_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint loan_events_penalties_minor_check CHECK (penalties_minor >= 0),
  constraint loan_events_principal_minor_check CHECK (principal_minor >= 0),
  constraint loan_events_request_hash_check CHECK (length(request_hash) = 32),
  constraint loan_events_version_check CHECK (version > 0)
);
CREATE UNIQUE INDEX loan_events_entry ON public.loan_events USING btree (book_id, entry_id) WHERE (entry_id IS NOT NULL);
CREATE UNIQUE INDEX loan_events_external_id ON public.loan_events USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX loan_events_idempotency ON public.loan_events USING btree (book_id, actor, idempotency_key) WHERE (idempotency_key IS NOT NULL);
grant insert, select on loan_events to florin_app;
create policy own_book on loan_events for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loan_parties (
  book_id integer not null,
  loan_id uuid not null,
  customer_id uuid not null,
  role text not null,
  share_percent text,
  added_at timestamp with time zone not null,
  constraint loan_parties_pkey PRIMARY KEY (book_id, loan_id, customer_id),
  constraint loan_parties_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint loan_parties_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loan_parties_book_id_loan_id_fkey FOREIGN KEY (book_id, loan_id) REFERENCES loans(book_id, loan_id) ON DELETE CASCADE,
  constraint loan_parties_role_check CHECK (role = ANY (ARRAY['co_borrower'::text, 'guarantor'::text])),
  constraint loan_parties_share_percent_check CHECK (share_percent ~ '^[0-9]{1,3}([.][0-9]{1,6})?$'::text)
);
CREATE INDEX loan_parties_customer ON public.loan_parties USING btree (book_id, customer_id, loan_id);
grant delete, insert, select on loan_parties to florin_app;
create policy own_book on loan_parties for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loan_products (
  book_id integer not null,
  loan_product_id uuid not null,
  name text not null,
  currency text not null,
  conditions jsonb not null,
  created_at timestamp with time zone not null,
  external_id text,
  metadata jsonb,
  constraint loan_products_pkey PRIMARY KEY (book_id, loan_product_id),
  constraint loan_products_name_once UNIQUE (book_id, name),
  constraint loan_products_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loan_products_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint loan_products_conditions_check CHECK (jsonb_typeof(conditions) = 'object'::text),
  constraint loan_products_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint loan_products_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint loan_products_name_check CHECK (length(name) >= 1 AND length(name) <= 140)
);
CREATE UNIQUE INDEX loan_products_external_id ON public.loan_products USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
grant insert, select on loan_products to florin_app;
create policy own_book on loan_products for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loan_terms (
  book_id integer not null,
  loan_id uuid not null,
  schedule_version integer not null,
  valid_from date not null,
  reason text not null,
  terms jsonb not null,
  constraint loan_terms_pkey PRIMARY KEY (book_id, loan_id, schedule_version),
  constraint loan_terms_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loan_terms_book_id_loan_id_fkey FOREIGN KEY (book_id, loan_id) REFERENCES loans(book_id, loan_id) ON DELETE CASCADE,
  constraint loan_terms_reason CHECK (reason = ANY (ARRAY['disbursed'::text, 'repaid'::text, 'rescheduled'::text, 'corrected'::text])),
  constraint loan_terms_schedule_version_check CHECK (schedule_version > 0),
  constraint loan_terms_terms_check CHECK (jsonb_typeof(terms) = 'object'::text)
);
grant insert, select on loan_terms to florin_app;
create policy own_book on loan_terms for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table loans (
  book_id integer not null,
  loan_id uuid not null,
  customer_id uuid not null,
  account_id uuid not null,
  loan_product_id uuid not null,
  currency text not null,
  external_id text,
  status text not null,
  wish jsonb not null,
  direct_debit boolean not null,
  requested_minor bigint not null,
  approved_minor bigint,
  applied_on date not null,
  disbursed_on date,
  ended_on date,
  schedule_version integer not null default 0,
  period jsonb,
  next_due_on date,
  principal_minor bigint not null default 0,
  principal_due_minor bigint not null default 0,
  interest_accrued_minor bigint not null default 0,
  interest_due_minor bigint not null default 0,
  fees_due_minor bigint not null default 0,
  penalties_due_minor bigint not null default 0,
  unpaid jsonb not null default '[]'::jsonb,
  overdue_since date,
  penalty_from date,
  penalty_accrued_minor bigint not null default 0,
  accrued_through date,
  provision_minor bigint not null default 0,
  lost_minor bigint not null default 0,
  recovered_minor bigint not null default 0,
  last_event_number integer not null,
  version integer not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  officer text,
  paid_ahead_minor bigint not null default 0,
  non_accrual_since date,
  metadata jsonb,
  undisbursed_minor bigint not null default 0,
  constraint loans_pkey PRIMARY KEY (book_id, loan_id),
  constraint loans_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint loans_account_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id),
  constraint loans_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint loans_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint loans_book_id_loan_product_id_fkey FOREIGN KEY (book_id, loan_product_id) REFERENCES loan_products(book_id, loan_product_id),
  constraint loans_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint loans_check CHECK (approved_minor >= 1 AND approved_minor <= requested_minor),
  constraint loans_ended CHECK ((ended_on IS NULL) = (status = ANY (ARRAY['applied'::text, 'approved'::text, 'active'::text]))),
  constraint loans_ended_is_paid CHECK (status = 'active'::text OR principal_minor = 0 AND interest_accrued_minor = 0 AND interest_due_minor = 0 AND fees_due_minor = 0 AND penalties_due_minor = 0 AND provision_minor = 0),
  constraint loans_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint loans_fees_due_minor_check CHECK (fees_due_minor >= 0),
  constraint loans_interest_accrued_minor_check CHECK (interest_accrued_minor >= 0),
  constraint loans_interest_due_minor_check CHECK (interest_due_minor >= 0),
  constraint loans_last_event_number_check CHECK (last_event_number > 0),
  constraint loans_lost_minor_check CHECK (lost_minor >= 0),
  constraint loans_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint loans_next_due CHECK ((next_due_on IS NULL) = (period IS NULL)),
  constraint loans_officer CHECK (length(officer) >= 1 AND length(officer) <= 100),
  constraint loans_paid_ahead CHECK (paid_ahead_minor >= 0),
  constraint loans_paid_out CHECK ((disbursed_on IS NULL) = (status = ANY (ARRAY['applied'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text])) AND (disbursed_on IS NULL) = (accrued_through IS NULL) AND (disbursed_on IS NULL) = (schedule_version = 0)),
  constraint loans_penalties_due_minor_check CHECK (penalties_due_minor >= 0),
  constraint loans_period_check CHECK (jsonb_typeof(period) = 'object'::text),
  constraint loans_principal_due CHECK (principal_due_minor >= 0 AND principal_due_minor <= principal_minor),
  constraint loans_provision_minor_check CHECK (provision_minor >= 0),
  constraint loans_recovered CHECK (recovered_minor >= 0 AND recovered_minor <= lost_minor),
  constraint loans_requested_minor_check CHECK (requested_minor > 0),
  constraint loans_schedule_version_check CHECK (schedule_version >= 0),
  constraint loans_status_check CHECK (status = ANY (ARRAY['applied'::text, 'approved'::text, 'active'::text, 'closed'::text, 'rejected'::text, 'withdrawn'::text, 'charged_off'::text, 'written_off'::text])),
  constraint loans_undisbursed_minor_check CHECK (undisbursed_minor >= 0),
  constraint loans_unpaid_check CHECK (jsonb_typeof(unpaid) = 'array'::text),
  constraint loans_version_check CHECK (version > 0),
  constraint loans_wish_check CHECK (jsonb_typeof(wish) = 'object'::text)
) with (fillfactor=80);
CREATE INDEX loans_account ON public.loans USING btree (book_id, account_id, loan_id);
CREATE INDEX loans_active ON public.loans USING btree (book_id, loan_id) WHERE (status = 'active'::text);
CREATE INDEX loans_created ON public.loans USING btree (book_id, created_at, loan_id);
CREATE INDEX loans_customer ON public.loans USING btree (book_id, customer_id, loan_id);
CREATE INDEX loans_overdue ON public.loans USING btree (book_id, loan_id) WHERE ((overdue_since IS NOT NULL) OR (penalties_due_minor > 0));
grant insert, select, update (accrued_through, approved_minor, direct_debit, disbursed_on, ended_on, external_id, fees_due_minor, interest_accrued_minor, interest_due_minor, last_event_number, lost_minor, metadata, next_due_on, non_accrual_since, officer, overdue_since, paid_ahead_minor, penalties_due_minor, penalty_accrued_minor, penalty_from, period, principal_due_minor, principal_minor, provision_minor, recovered_minor, schedule_version, status, undisbursed_minor, unpaid, updated_at, version) on loans to florin_app;
create policy own_book on loans for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table login_attempts (
  book_id integer not null,
  kind text not null,
  subject_hash bytea not null,
  failures integer not null,
  last_attempt_at timestamp with time zone not null,
  refused_attempt_at timestamp with time zone,
  constraint login_attempts_pkey PRIMARY KEY (book_id, kind, subject_hash),
  constraint login_attempts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint login_attempts_failures_check CHECK (failures >= 0),
  constraint login_attempts_kind_check CHECK (kind = ANY ('{account,address,overall,pair,device,code}'::text[])),
  constraint login_attempts_subject_hash_check CHECK (length(subject_hash) = 32)
);
CREATE INDEX login_attempts_age ON public.login_attempts USING btree (book_id, last_attempt_at);
grant delete, insert, select, update on login_attempts to florin_app;
create policy own_book on login_attempts for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table login_policies (
  book_id integer not null,
  staff_second_factor boolean not null,
  change_first_password boolean not null,
  updated_at timestamp with time zone not null default now(),
  constraint login_policies_pkey PRIMARY KEY (book_id),
  constraint login_policies_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant insert, select, update on login_policies to florin_app;
create policy own_book on login_policies for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table manual_entries (
  book_id integer not null,
  entry_id uuid not null,
  accounting_date date not null,
  business_date date not null,
  reason text not null,
  reference text,
  attachments jsonb not null default '[]'::jsonb,
  closes_year integer,
  external_id text,
  metadata jsonb,
  constraint manual_entries_pkey PRIMARY KEY (book_id, entry_id),
  constraint manual_entries_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint manual_entries_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint manual_entries_attachments_check CHECK (jsonb_typeof(attachments) = 'array'::text),
  constraint manual_entries_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint manual_entries_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint manual_entries_not_ahead CHECK (accounting_date <= business_date),
  constraint manual_entries_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint manual_entries_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140)
);
CREATE INDEX manual_entries_dated_back ON public.manual_entries USING btree (book_id, accounting_date, entry_id) WHERE (accounting_date < business_date);
CREATE UNIQUE INDEX manual_entries_external_id ON public.manual_entries USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX manual_entries_of_years ON public.manual_entries USING btree (book_id, closes_year) WHERE (closes_year IS NOT NULL);
CREATE INDEX manual_entries_reference ON public.manual_entries USING btree (book_id, reference) WHERE (reference IS NOT NULL);
grant insert, select on manual_entries to florin_app;
create policy own_book on manual_entries for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table outgoing_payments (
  book_id integer not null,
  transaction_id uuid not null,
  currency text not null,
  amount_minor bigint not null,
  status text not null default 'pending_settlement'::text,
  reason text,
  ending_entry_id uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  reason_code text,
  returned_on date,
  return_entry_id uuid,
  submission_id uuid,
  held_for text,
  bank_code_scheme text,
  customer_reason text,
  constraint outgoing_payments_pkey PRIMARY KEY (book_id, transaction_id),
  constraint outgoing_payments_book_id_ending_entry_id_fkey FOREIGN KEY (book_id, ending_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint outgoing_payments_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint outgoing_payments_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint outgoing_payments_return_entry_fkey FOREIGN KEY (book_id, return_entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint outgoing_payments_submission_fkey FOREIGN KEY (book_id, submission_id) REFERENCES payment_submissions(book_id, submission_id),
  constraint outgoing_payments_amount_minor_check CHECK (amount_minor > 0),
  constraint outgoing_payments_bank_code_scheme_check CHECK (bank_code_scheme = ANY (ARRAY['us_aba'::text, 'gb_sort_code'::text, 'bic'::text])),
  constraint outgoing_payments_customer_reason_check CHECK (length(customer_reason) >= 1 AND length(customer_reason) <= 500),
  constraint outgoing_payments_ended_by_entry CHECK ((status = ANY ('{settled,returned,cancelled}'::text[])) = (ending_entry_id IS NOT NULL)),
  constraint outgoing_payments_held_for_check CHECK (held_for = ANY ('{customer_deceased}'::text[])),
  constraint outgoing_payments_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 140),
  constraint outgoing_payments_reason_code_check CHECK (reason_code ~ '^[A-Z0-9]{4}$'::text),
  constraint outgoing_payments_reason_of_return CHECK ((status = 'returned'::text) = (reason IS NOT NULL)),
  constraint outgoing_payments_return_check CHECK ((return_entry_id IS NULL OR status = 'returned'::text) AND (returned_on IS NULL OR status = 'returned'::text) AND (reason_code IS NULL OR status = 'returned'::text)),
  constraint outgoing_payments_status_check CHECK (status = ANY ('{pending_settlement,submitted,settled,returned,cancelled}'::text[])),
  constraint outgoing_payments_submitted_check CHECK (
CASE status
    WHEN 'submitted'::text THEN submission_id IS NOT NULL
    WHEN 'pending_settlement'::text THEN submission_id IS NULL
    WHEN 'cancelled'::text THEN submission_id IS NULL
    ELSE true
END)
);
CREATE INDEX outgoing_payments_status ON public.outgoing_payments USING btree (book_id, status, transaction_id);
grant insert, select, update (customer_reason, ending_entry_id, held_for, reason, reason_code, return_entry_id, returned_on, status, submission_id, updated_at) on outgoing_payments to florin_app;
create policy own_book on outgoing_payments for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table password_resets (
  book_id integer not null,
  user_id uuid not null,
  code_hash bytea not null,
  removes_second_factor boolean not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint password_resets_pkey PRIMARY KEY (book_id, user_id),
  constraint password_resets_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint password_resets_book_id_user_id_fkey FOREIGN KEY (book_id, user_id) REFERENCES users(book_id, user_id) ON DELETE CASCADE,
  constraint password_resets_check CHECK (expires_at > created_at),
  constraint password_resets_code_hash_check CHECK (length(code_hash) = 32)
);
grant delete, insert, select, update on password_resets to florin_app;
create policy own_book on password_resets for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table payment_submissions (
  book_id integer not null,
  submission_id uuid not null,
  message text not null,
  actor text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  payment_count integer not null,
  created_at timestamp with time zone not null,
  constraint payment_submissions_pkey PRIMARY KEY (book_id, submission_id),
  constraint payment_submissions_idempotency UNIQUE (book_id, actor, idempotency_key),
  constraint payment_submissions_message UNIQUE (book_id, message),
  constraint payment_submissions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint payment_submissions_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint payment_submissions_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint payment_submissions_message_check CHECK (length(message) >= 1 AND length(message) <= 140),
  constraint payment_submissions_payment_count_check CHECK (payment_count > 0),
  constraint payment_submissions_request_hash_check CHECK (length(request_hash) = 32)
);
grant insert, select on payment_submissions to florin_app;
create policy own_book on payment_submissions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
CREATE INDEX postings_internal_credit_lines ON public.postings USING btree (book_id, credit_account_id, business_date, entry_id) INCLUDE (amount_minor) WHERE (credit_seq IS NULL);
CREATE INDEX postings_internal_debit_lines ON public.postings USING btree (book_id, debit_account_id, business_date, entry_id) INCLUDE (amount_minor) WHERE (debit_seq IS NULL);
grant insert, select on postings to florin_app;
create policy own_book on postings for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table product_limits (
  book_id integer not null,
  product_code text not null,
  currency text not null,
  per_transaction_minor bigint,
  per_day_minor bigint,
  new_beneficiary_per_day_minor bigint,
  updated_at timestamp with time zone not null,
  own_transfers_count boolean not null default true,
  constraint product_limits_pkey PRIMARY KEY (book_id, product_code, currency),
  constraint product_limits_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint product_limits_book_id_product_code_currency_fkey FOREIGN KEY (book_id, product_code, currency) REFERENCES products(book_id, product_code, currency),
  constraint product_limits_new_beneficiary_per_day_minor_check CHECK (new_beneficiary_per_day_minor >= 0),
  constraint product_limits_per_day_minor_check CHECK (per_day_minor >= 0),
  constraint product_limits_per_transaction_minor_check CHECK (per_transaction_minor >= 0)
);
grant insert, select, update on product_limits to florin_app;
create policy own_book on product_limits for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table product_terms (
  book_id integer not null,
  product_code text not null,
  currency text not null,
  version integer not null,
  effective_on date not null,
  applies_to text not null,
  terms jsonb not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint product_terms_pkey PRIMARY KEY (book_id, product_code, currency, version),
  constraint product_terms_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint product_terms_book_id_product_code_currency_fkey FOREIGN KEY (book_id, product_code, currency) REFERENCES products(book_id, product_code, currency),
  constraint product_terms_applies_to_check CHECK (applies_to = ANY (ARRAY['all_accounts'::text, 'new_accounts'::text])),
  constraint product_terms_created_by_check CHECK (length(created_by) >= 1 AND length(created_by) <= 100),
  constraint product_terms_terms_check CHECK (jsonb_typeof(terms) = 'object'::text),
  constraint product_terms_version_check CHECK (version > 0)
);
grant insert, select on product_terms to florin_app;
create policy own_book on product_terms for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  capture_tolerance_percent integer not null default 0,
  required_details text[] not null default '{}'::text[],
  offered_from date,
  accounting jsonb not null default '{}'::jsonb,
  constraint products_pkey PRIMARY KEY (book_id, product_code, currency),
  constraint products_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint products_book_id_gl_code_fkey FOREIGN KEY (book_id, gl_code) REFERENCES gl_accounts(book_id, gl_code),
  constraint products_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint products_accounting_check CHECK (jsonb_typeof(accounting) = 'object'::text),
  constraint products_capture_tolerance_percent_check CHECK (capture_tolerance_percent >= 0 AND capture_tolerance_percent <= 100),
  constraint products_kind_known CHECK (kind = ANY (ARRAY['current'::text, 'savings'::text, 'term_deposit'::text, 'recurring_deposit'::text])),
  constraint products_name_check CHECK (name <> ''::text),
  constraint products_product_code_check CHECK (product_code ~ '^[a-z][a-z0-9_]{0,49}$'::text),
  constraint products_required_details_check CHECK (required_details <@ '{email,phone,address}'::text[]),
  constraint products_status_check CHECK (status = ANY (ARRAY['active'::text, 'retired'::text]))
);
grant insert, select, update (capture_tolerance_percent, name, required_details, status) on products to florin_app;
create policy own_book on products for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table recovery_codes (
  book_id integer not null,
  user_id uuid not null,
  code_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint recovery_codes_pkey PRIMARY KEY (book_id, user_id, code_hash),
  constraint recovery_codes_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint recovery_codes_book_id_user_id_fkey FOREIGN KEY (book_id, user_id) REFERENCES users(book_id, user_id) ON DELETE CASCADE,
  constraint recovery_codes_code_hash_check CHECK (length(code_hash) = 32)
);
grant delete, insert, select on recovery_codes to florin_app;
create policy own_book on recovery_codes for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table reference_rates (
  book_id integer not null,
  reference_code text not null,
  valid_from date not null,
  rate_ppm bigint not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint reference_rates_pkey PRIMARY KEY (book_id, reference_code, valid_from),
  constraint reference_rates_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint reference_rates_rate_ppm_check CHECK (rate_ppm >= '-10000000'::integer AND rate_ppm <= 10000000),
  constraint reference_rates_reference_code_check CHECK (reference_code ~ '^[A-Z][A-Z0-9._-]{0,29}$'::text),
  constraint reference_rates_set_by_check CHECK (length(set_by) >= 1 AND length(set_by) <= 100)
);
grant insert, select, update (rate_ppm, set_at, set_by) on reference_rates to florin_app;
create policy own_book on reference_rates for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table refresh_tokens (
  book_id integer not null,
  token_hash bytea not null,
  session_id uuid not null,
  predecessor_hash bytea,
  created_at timestamp with time zone not null,
  spent_at timestamp with time zone,
  spent_from text,
  constraint refresh_tokens_pkey PRIMARY KEY (book_id, token_hash),
  constraint refresh_tokens_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint refresh_tokens_book_id_session_id_fkey FOREIGN KEY (book_id, session_id) REFERENCES user_sessions(book_id, session_id) ON DELETE CASCADE,
  constraint refresh_tokens_predecessor_hash_check CHECK (length(predecessor_hash) = 32),
  constraint refresh_tokens_spent_from CHECK (length(spent_from) >= 1 AND length(spent_from) <= 64),
  constraint refresh_tokens_token_hash_check CHECK (length(token_hash) = 32)
);
CREATE INDEX refresh_tokens_session ON public.refresh_tokens USING btree (book_id, session_id);
grant insert, select, update on refresh_tokens to florin_app;
create policy own_book on refresh_tokens for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table report_layouts (
  book_id integer not null,
  report text not null,
  layout jsonb not null,
  constraint report_layouts_pkey PRIMARY KEY (book_id, report),
  constraint report_layouts_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint report_layouts_layout_check CHECK (jsonb_typeof(layout) = 'object'::text),
  constraint report_layouts_report_check CHECK (report ~ '^[a-z-]{1,30}$'::text)
);
grant insert, select, update (layout) on report_layouts to florin_app;
create policy own_book on report_layouts for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table role_limit_uses (
  book_id integer not null,
  actor text not null,
  business_date date not null,
  currency text not null,
  used_minor numeric(38,0) not null,
  constraint role_limit_uses_pkey PRIMARY KEY (book_id, actor, business_date, currency),
  constraint role_limit_uses_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint role_limit_uses_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint role_limit_uses_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100)
);
grant insert, select, update on role_limit_uses to florin_app;
create policy own_book on role_limit_uses for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table role_limits (
  book_id integer not null,
  role text not null,
  currency text not null,
  valid_from date not null,
  per_transaction_minor bigint,
  per_day_minor bigint,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint role_limits_pkey PRIMARY KEY (book_id, role, currency, valid_from),
  constraint role_limits_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint role_limits_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint role_limits_per_day_minor_check CHECK (per_day_minor >= 0),
  constraint role_limits_per_transaction_minor_check CHECK (per_transaction_minor >= 0),
  constraint role_limits_role_check CHECK (role = 'teller'::text),
  constraint role_limits_set_by_check CHECK (length(set_by) >= 1 AND length(set_by) <= 100)
);
grant insert, select, update on role_limits to florin_app;
create policy own_book on role_limits for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table sealed_states (
  book_id integer not null,
  sheet_number bigint not null,
  table_name text not null,
  row_key text not null,
  parent_ids uuid[] not null,
  fingerprint bytea,
  constraint sealed_states_pkey PRIMARY KEY (book_id, table_name, row_key, sheet_number),
  constraint sealed_states_book_id_sheet_number_fkey FOREIGN KEY (book_id, sheet_number) REFERENCES state_sheets(book_id, sheet_number),
  constraint sealed_states_fingerprint_check CHECK (length(fingerprint) = 32),
  constraint sealed_states_table_name_check CHECK (table_name ~ '^[a-z][a-z_]*$'::text)
);
CREATE INDEX sealed_states_sheet ON public.sealed_states USING btree (book_id, sheet_number);
grant insert, select on sealed_states to florin_app;
create policy own_book on sealed_states for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table sequenced_entries (
  book_id integer not null,
  entry_id uuid not null,
  sequence bigint not null,
  constraint sequenced_entries_pkey PRIMARY KEY (book_id, entry_id),
  constraint sequenced_entries_book_id_sequence_key UNIQUE (book_id, sequence),
  constraint sequenced_entries_sequence_check CHECK (sequence > 0)
);
grant insert, select on sequenced_entries to florin_app;
create policy own_book on sequenced_entries for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table settled_captures (
  book_id integer not null,
  entry_id uuid not null,
  settlement_id uuid not null,
  amount_minor bigint not null,
  constraint settled_captures_pkey PRIMARY KEY (book_id, entry_id),
  constraint settled_captures_book_id_entry_id_fkey FOREIGN KEY (book_id, entry_id) REFERENCES journal_entries(book_id, entry_id),
  constraint settled_captures_book_id_settlement_id_fkey FOREIGN KEY (book_id, settlement_id) REFERENCES capture_settlements(book_id, settlement_id),
  constraint settled_captures_amount_minor_check CHECK (amount_minor <> 0)
);
CREATE INDEX settled_captures_settlement ON public.settled_captures USING btree (book_id, settlement_id, entry_id);
grant insert, select on settled_captures to florin_app;
create policy own_book on settled_captures for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table signing_keys (
  book_id integer not null,
  kid text not null,
  number integer not null,
  public_jwk jsonb not null,
  private_key bytea not null,
  created_at timestamp with time zone not null,
  active_from timestamp with time zone not null,
  retires_at timestamp with time zone,
  constraint signing_keys_pkey PRIMARY KEY (book_id, kid),
  constraint signing_keys_book_id_number_key UNIQUE (book_id, number),
  constraint signing_keys_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint signing_keys_in_order CHECK (active_from >= created_at AND retires_at > active_from),
  constraint signing_keys_kid_check CHECK (kid ~ '^[A-Za-z0-9_-]{43}$'::text),
  constraint signing_keys_number_check CHECK (number > 0),
  constraint signing_keys_private_key_check CHECK (length(private_key) >= 32 AND length(private_key) <= 1024),
  constraint signing_keys_public_jwk_check CHECK (jsonb_typeof(public_jwk) = 'object'::text AND NOT public_jwk ? 'd'::text)
);
grant delete, insert, select, update (retires_at) on signing_keys to florin_app;
create policy own_book on signing_keys for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table standing_order_executions (
  book_id integer not null,
  standing_order_id uuid not null,
  due_on date not null,
  status text not null,
  attempts integer not null,
  attempted_on date not null,
  next_attempt_on date,
  failure_code text,
  transaction_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint standing_order_executions_pkey PRIMARY KEY (book_id, standing_order_id, due_on),
  constraint standing_order_executions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint standing_order_executions_book_id_standing_order_id_fkey FOREIGN KEY (book_id, standing_order_id) REFERENCES standing_orders(book_id, standing_order_id) ON DELETE CASCADE,
  constraint standing_order_executions_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint standing_order_executions_attempts_check CHECK (attempts >= 0 AND attempts <= 3),
  constraint standing_order_executions_failure_code_check CHECK (length(failure_code) >= 1 AND length(failure_code) <= 100),
  constraint standing_order_executions_outcome CHECK ((status = 'paid'::text) = (transaction_id IS NOT NULL) AND (status = 'paid'::text) = (failure_code IS NULL) AND (status = 'retrying'::text) = (next_attempt_on IS NOT NULL) AND next_attempt_on > attempted_on),
  constraint standing_order_executions_status_check CHECK (status = ANY (ARRAY['paid'::text, 'retrying'::text, 'failed'::text]))
);
CREATE INDEX standing_order_executions_retrying ON public.standing_order_executions USING btree (book_id, next_attempt_on, standing_order_id, due_on) WHERE (status = 'retrying'::text);
CREATE UNIQUE INDEX standing_order_executions_transaction ON public.standing_order_executions USING btree (book_id, transaction_id) WHERE (transaction_id IS NOT NULL);
grant delete, insert, select, update (attempted_on, attempts, failure_code, next_attempt_on, status, transaction_id) on standing_order_executions to florin_app;
create policy own_book on standing_order_executions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table standing_orders (
  book_id integer not null,
  standing_order_id uuid not null,
  account_id uuid not null,
  to_account_id uuid,
  to_iban text,
  to_beneficiary_id uuid,
  to_bank text,
  to_account_number text,
  amount_minor bigint not null,
  currency text not null,
  frequency text not null,
  anchor_day integer not null,
  start_on date not null,
  end_on date,
  next_due_on date,
  status text not null default 'active'::text,
  description text,
  reference text,
  purpose text,
  external_id text,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  every_count integer,
  every_unit text,
  business_days text,
  failures integer not null default 0,
  suspended_for text,
  to_name text,
  to_bank_scheme text,
  metadata jsonb,
  constraint standing_orders_pkey PRIMARY KEY (book_id, standing_order_id),
  constraint standing_orders_book_id_external_id_key UNIQUE (book_id, external_id),
  constraint standing_orders_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint standing_orders_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint standing_orders_book_id_to_account_id_currency_fkey FOREIGN KEY (book_id, to_account_id, currency) REFERENCES ledger_accounts(book_id, ledger_account_id, currency),
  constraint standing_orders_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(currency),
  constraint standing_orders_to_beneficiary_fkey FOREIGN KEY (book_id, to_beneficiary_id) REFERENCES beneficiaries(book_id, beneficiary_id),
  constraint standing_orders_amount_minor_check CHECK (amount_minor > 0),
  constraint standing_orders_anchor_day_check CHECK (anchor_day >= 1 AND anchor_day <= 31),
  constraint standing_orders_business_days_check CHECK (business_days = ANY ('{following,preceding,same}'::text[])),
  constraint standing_orders_description_check CHECK (length(description) >= 1 AND length(description) <= 500),
  constraint standing_orders_end CHECK (end_on >= start_on),
  constraint standing_orders_every_check CHECK ((every_count IS NULL) = (every_unit IS NULL) AND every_count >= 1 AND every_count <= 366),
  constraint standing_orders_every_unit_check CHECK (every_unit = ANY ('{day,week,month,year,once}'::text[])),
  constraint standing_orders_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint standing_orders_failures_check CHECK (failures >= 0),
  constraint standing_orders_frequency_check CHECK (frequency = ANY (ARRAY['weekly'::text, 'monthly'::text, 'quarterly'::text, 'yearly'::text])),
  constraint standing_orders_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint standing_orders_next_due CHECK ((status = ANY ('{active,paused,suspended}'::text[])) = (next_due_on IS NOT NULL) AND next_due_on >= start_on AND (end_on IS NULL OR next_due_on <= end_on)),
  constraint standing_orders_one_payee CHECK (num_nonnulls(to_account_id, to_iban, to_beneficiary_id, to_account_number) = 1 AND (to_bank IS NULL) = (to_account_number IS NULL)),
  constraint standing_orders_purpose_check CHECK (length(purpose) >= 1 AND length(purpose) <= 35),
  constraint standing_orders_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint standing_orders_scheme_has_bank CHECK (to_bank_scheme IS NULL OR to_bank IS NOT NULL),
  constraint standing_orders_status_check CHECK (status = ANY ('{active,paused,suspended,ended,cancelled}'::text[])),
  constraint standing_orders_suspended_for_check CHECK (length(suspended_for) >= 1 AND length(suspended_for) <= 100),
  constraint standing_orders_to_account_number_check CHECK (length(to_account_number) >= 1 AND length(to_account_number) <= 35),
  constraint standing_orders_to_bank_check CHECK (length(to_bank) >= 1 AND length(to_bank) <= 35),
  constraint standing_orders_to_bank_scheme_check CHECK (to_bank_scheme = ANY (ARRAY['us_aba'::text, 'gb_sort_code'::text, 'bic'::text])),
  constraint standing_orders_to_iban_check CHECK (to_iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text),
  constraint standing_orders_to_name_check CHECK (length(to_name) >= 1 AND length(to_name) <= 140),
  constraint standing_orders_two_accounts CHECK (to_account_id <> account_id),
  constraint standing_orders_version_check CHECK (version > 0),
  constraint standing_orders_weekday CHECK (frequency <> 'weekly'::text OR anchor_day <= 7)
);
CREATE INDEX standing_orders_account ON public.standing_orders USING btree (book_id, account_id, standing_order_id);
CREATE INDEX standing_orders_beneficiary ON public.standing_orders USING btree (book_id, to_beneficiary_id) WHERE (to_beneficiary_id IS NOT NULL);
CREATE INDEX standing_orders_due ON public.standing_orders USING btree (book_id, next_due_on, standing_order_id) WHERE (status = 'active'::text);
grant delete, insert, select, update (amount_minor, anchor_day, business_days, description, end_on, every_count, every_unit, external_id, failures, frequency, metadata, next_due_on, reference, start_on, status, suspended_for, to_account_number, to_bank, to_bank_scheme, to_beneficiary_id, to_iban, to_name, updated_at, version) on standing_orders to florin_app;
create policy own_book on standing_orders for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table state_sealing (
  book_id integer not null,
  starts_at timestamp with time zone,
  table_name text,
  last_key text,
  constraint state_sealing_pkey PRIMARY KEY (book_id),
  constraint state_sealing_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id)
);
grant insert, select, update on state_sealing to florin_app;
create policy own_book on state_sealing for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table state_sheets (
  book_id integer not null,
  sheet_number bigint not null,
  salt bytea not null,
  sealed_at timestamp with time zone not null,
  constraint state_sheets_pkey PRIMARY KEY (book_id, sheet_number),
  constraint state_sheets_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint state_sheets_salt_check CHECK (length(salt) = 16),
  constraint state_sheets_sheet_number_check CHECK (sheet_number > 0)
);
grant insert, select on state_sheets to florin_app;
create policy own_book on state_sheets for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table tax_exemptions (
  book_id integer not null,
  customer_id uuid not null,
  revision integer not null,
  exemptions jsonb not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint tax_exemptions_pkey PRIMARY KEY (book_id, customer_id, revision),
  constraint tax_exemptions_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint tax_exemptions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint tax_exemptions_exemptions_check CHECK (jsonb_typeof(exemptions) = 'array'::text),
  constraint tax_exemptions_revision_check CHECK (revision > 0),
  constraint tax_exemptions_set_by_check CHECK (length(set_by) >= 1 AND length(set_by) <= 100)
);
grant insert, select on tax_exemptions to florin_app;
create policy own_book on tax_exemptions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  item_errors jsonb,
  constraint transaction_batches_pkey PRIMARY KEY (book_id, batch_id),
  constraint transaction_batches_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint transaction_batches_actor_check CHECK (length(actor) >= 1 AND length(actor) <= 100),
  constraint transaction_batches_answers_every_item CHECK (cardinality(transaction_ids) = cardinality(refusal_codes)),
  constraint transaction_batches_idempotency_key_check CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 255),
  constraint transaction_batches_item_errors_check CHECK (jsonb_typeof(item_errors) = 'object'::text),
  constraint transaction_batches_mode_check CHECK (mode = ANY (ARRAY['atomic'::text, 'independent'::text])),
  constraint transaction_batches_request_hash_check CHECK (length(request_hash) = 32),
  constraint transaction_batches_size CHECK (cardinality(transaction_ids) >= 1 AND cardinality(transaction_ids) <= 10000)
);
CREATE UNIQUE INDEX transaction_batches_idempotency ON public.transaction_batches USING btree (book_id, actor, idempotency_key);
grant insert, select on transaction_batches to florin_app;
create policy own_book on transaction_batches for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

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
  reason text,
  external_id text,
  metadata jsonb,
  constraint transactions_pkey PRIMARY KEY (book_id, transaction_id),
  constraint transactions_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES accounts(book_id, account_id) ON DELETE CASCADE,
  constraint transactions_book_id_transaction_id_fkey FOREIGN KEY (book_id, transaction_id) REFERENCES journal_entries(book_id, entry_id),
  constraint transactions_amount_minor_check CHECK (amount_minor > 0),
  constraint transactions_counterparty_account_check CHECK (length(counterparty_account) >= 1 AND length(counterparty_account) <= 35),
  constraint transactions_counterparty_bank_check CHECK (length(counterparty_bank) >= 1 AND length(counterparty_bank) <= 35),
  constraint transactions_counterparty_name_check CHECK (length(counterparty_name) >= 1 AND length(counterparty_name) <= 140),
  constraint transactions_description_check CHECK (length(description) >= 1 AND length(description) <= 500),
  constraint transactions_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 100),
  constraint transactions_metadata_check CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint transactions_mode_check CHECK (mode = ANY ('{cash,cheque,card,online,branch,atm,clearing,internal}'::text[])),
  constraint transactions_purpose_check CHECK (length(purpose) >= 1 AND length(purpose) <= 35),
  constraint transactions_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint transactions_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 140),
  constraint transactions_type_is_known CHECK (type = ANY ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_recovery,opening_balance,reversal}'::text[]))
);
CREATE INDEX transactions_account ON public.transactions USING btree (book_id, account_id, transaction_id);
CREATE UNIQUE INDEX transactions_external_id ON public.transactions USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX transactions_reference ON public.transactions USING btree (book_id, reference) WHERE (reference IS NOT NULL);
grant insert, select on transactions to florin_app;
create policy own_book on transactions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table unsealed_rows (
  book_id integer not null,
  unsealed_id uuid not null,
  row_kind text not null,
  row_ids uuid[] not null,
  written_at timestamp with time zone,
  is_sequenced boolean not null default false,
  constraint unsealed_rows_pkey PRIMARY KEY (book_id, unsealed_id),
  constraint unsealed_rows_row_ids_check CHECK (cardinality(row_ids) >= 1 AND cardinality(row_ids) <= 2000),
  constraint unsealed_rows_row_kind_check CHECK (row_kind = ANY ('{audit,entry}'::text[]))
);
grant delete, insert, select, update (is_sequenced) on unsealed_rows to florin_app;
create policy own_book on unsealed_rows for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table user_sessions (
  book_id integer not null,
  session_id uuid not null,
  user_id uuid not null,
  address text,
  user_agent text,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint user_sessions_pkey PRIMARY KEY (book_id, session_id),
  constraint user_sessions_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint user_sessions_book_id_user_id_fkey FOREIGN KEY (book_id, user_id) REFERENCES users(book_id, user_id) ON DELETE CASCADE,
  constraint user_sessions_address_check CHECK (length(address) <= 64),
  constraint user_sessions_user_agent_check CHECK (length(user_agent) <= 200)
);
CREATE INDEX user_sessions_revoked ON public.user_sessions USING btree (book_id, revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX user_sessions_user ON public.user_sessions USING btree (book_id, user_id);
grant delete, insert, select, update on user_sessions to florin_app;
create policy own_book on user_sessions for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));

create table users (
  book_id integer not null,
  user_id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  customer_id uuid,
  status text not null default 'active'::text,
  password_hash text not null,
  totp_secret bytea,
  totp_confirmed_at timestamp with time zone,
  totp_last_step bigint,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  must_change_password boolean not null default false,
  disabled_for text,
  constraint users_pkey PRIMARY KEY (book_id, user_id),
  constraint users_book_id_email_key UNIQUE (book_id, email),
  constraint users_book_id_customer_id_fkey FOREIGN KEY (book_id, customer_id) REFERENCES customers(book_id, customer_id) ON DELETE CASCADE,
  constraint users_book_id_fkey FOREIGN KEY (book_id) REFERENCES books(book_id),
  constraint users_customer_role CHECK ((role = 'customer'::text) = (customer_id IS NOT NULL)),
  constraint users_disabled_for_check CHECK (disabled_for = ANY ('{customer_deceased}'::text[])),
  constraint users_email_check CHECK (length(email) >= 3 AND length(email) <= 254),
  constraint users_name_check CHECK (length(name) >= 1 AND length(name) <= 200),
  constraint users_password_hash_check CHECK (password_hash ~~ '$argon2id$%'::text),
  constraint users_role_is_known CHECK (role = ANY (ARRAY['admin'::text, 'manager'::text, 'teller'::text, 'loan-officer'::text, 'auditor'::text, 'customer'::text])),
  constraint users_status_check CHECK (status = ANY (ARRAY['active'::text, 'disabled'::text])),
  constraint users_totp_whole CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL),
  constraint users_version_check CHECK (version > 0)
);
CREATE INDEX users_customer ON public.users USING btree (book_id, customer_id);
grant insert, select, update on users to florin_app;
create policy own_book on users for all to florin_app using ((book_id = ( SELECT (NULLIF(current_setting('florin.book_id'::text, true), ''::text))::integer AS "nullif")));
