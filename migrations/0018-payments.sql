-- Where money waits that has left its payer and not yet the bank, and money that came for nobody we know: in every
-- currency that a book keeps with other banks.
insert into gl_accounts (book_id, gl_code, name, class)
  select b.book_id, line.gl_code, line.name, 'liability' from books b
  cross join (values ('2400', 'Outgoing payments to be settled'), ('2500', 'Suspense of incoming payments'))
    as line (gl_code, name);

insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
  select l.book_id, gen_random_uuid(), 'internal', line.gl_code, l.currency from ledger_accounts l
  cross join (values ('2400'), ('2500')) as line (gl_code)
  where l.kind = 'internal' and l.gl_code = '1100';

-- What became of a payment that left the bank, under its transaction's id. About money alone, and so it stays, as its
-- journal entry does: who paid and who was paid stands in the transaction and goes with the customer.
create table outgoing_payments (
  book_id int not null,
  transaction_id uuid not null,
  currency text not null references currencies,
  amount_minor bigint not null check (amount_minor > 0),
  status text not null default 'pending_settlement'
    check (status in ('pending_settlement', 'settled', 'returned')),
  -- Why it was returned, as the other bank says it.
  reason text check (length(reason) between 1 and 140),
  -- The entry by which it was settled or returned.
  ending_entry_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (book_id, transaction_id),
  foreign key (book_id, transaction_id) references journal_entries,
  foreign key (book_id, ending_entry_id) references journal_entries,
  constraint outgoing_payments_ended_by_entry
    check ((status = 'pending_settlement') = (ending_entry_id is null)),
  constraint outgoing_payments_reason_of_return check ((status = 'returned') = (reason is not null))
);

create index outgoing_payments_status on outgoing_payments (book_id, status, transaction_id);

-- A payment from another bank, or one of ours that came back for a payer who cannot be credited any more.
create table incoming_payments (
  book_id int not null references books,
  incoming_payment_id uuid not null,
  -- The other side's name for it: each once. Ours that came back have none, but the payment that they were.
  external_reference text check (length(external_reference) between 1 and 140),
  request_hash bytea not null check (length(request_hash) = 32),
  returned_payment_id uuid,
  iban text check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  currency text not null references currencies,
  amount_minor bigint not null check (amount_minor > 0),
  debtor_name text check (length(debtor_name) between 1 and 140),
  debtor_iban text check (debtor_iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  reference text check (length(reference) between 1 and 140),
  value_date date not null,
  status text not null check (status in ('credited', 'unresolved', 'resolved', 'returned')),
  -- Why it could not be credited at once.
  problem text check (problem in ('unknown_iban', 'account_closed', 'account_frozen', 'currency_mismatch',
    'balance_overflow', 'business_date_closed')),
  -- Why it was sent back.
  reason text check (length(reason) between 1 and 140),
  -- Who was credited.
  account_id uuid,
  -- The entry by which it came, and the one by which it was resolved or returned.
  entry_id uuid not null,
  ending_entry_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (book_id, incoming_payment_id),
  constraint incoming_payments_external_reference unique (book_id, external_reference),
  unique (book_id, entry_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, entry_id) references journal_entries,
  foreign key (book_id, ending_entry_id) references journal_entries,
  foreign key (book_id, returned_payment_id) references outgoing_payments,
  constraint incoming_payments_origin check ((external_reference is null) = (returned_payment_id is not null)),
  constraint incoming_payments_credited check ((status in ('credited', 'resolved')) = (account_id is not null)),
  constraint incoming_payments_problem check ((status = 'credited') = (problem is null)),
  constraint incoming_payments_ended_by_entry
    check ((status in ('resolved', 'returned')) = (ending_entry_id is not null)),
  constraint incoming_payments_reason_of_return check ((status = 'returned') = (reason is not null))
);

create index incoming_payments_status on incoming_payments (book_id, status, incoming_payment_id);
create index incoming_payments_account on incoming_payments (book_id, account_id);

grant select, insert on outgoing_payments, incoming_payments to florin_app;
grant update (status, reason, ending_entry_id, updated_at) on outgoing_payments to florin_app;
grant update (status, reason, account_id, ending_entry_id, updated_at) on incoming_payments to florin_app;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['outgoing_payments', 'incoming_payments'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
