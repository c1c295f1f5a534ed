-- Numbers only. Balances are credits minus debits, for every class of account, so a whole book sums to zero.
--   customer: keeps a running balance, a floor and a gapless sequence of its postings.
--   internal: cash, clearing, income …: no running balance and no floor, so that the account every
--   transaction touches is never a lock. Its balance is the sum of its postings.
create table ledger_accounts (
  book_id int not null references books,
  ledger_account_id uuid not null,
  kind text not null check (kind in ('customer', 'internal')),
  gl_code text not null,
  currency text not null references currencies,
  status text not null default 'active' check (status in ('active', 'frozen', 'closed')),
  balance_minor bigint not null default 0,
  held_minor bigint not null default 0 check (held_minor >= 0),
  -- The lowest available balance: minus the overdraft limit.
  floor_minor bigint check (floor_minor <= 0),
  seq bigint not null default 0 check (seq >= 0),
  -- Business dates and instants never go back along an account's sequence: an as-of balance is a binary
  -- search over seq, with no index on dates.
  last_business_date date,
  last_posted_at timestamptz,
  opened_at timestamptz not null default now(),
  primary key (book_id, ledger_account_id),
  -- What postings and accounts refer to, so that a posting between two currencies cannot be stored.
  unique (book_id, ledger_account_id, currency),
  foreign key (book_id, gl_code) references gl_accounts,
  constraint ledger_accounts_floor_of_customers check ((kind = 'customer') = (floor_minor is not null)),
  constraint ledger_accounts_balance_above_floor check (balance_minor - held_minor >= floor_minor),
  constraint ledger_accounts_internal_keeps_no_balance
    check (kind = 'customer' or (balance_minor = 0 and held_minor = 0 and seq = 0)),
  constraint ledger_accounts_closed_is_empty
    check (status <> 'closed' or (balance_minor = 0 and held_minor = 0))
) with (fillfactor = 70); -- room for the balance update to stay on its page (HOT)

create unique index ledger_accounts_internal on ledger_accounts (book_id, gl_code, currency)
  where kind = 'internal';

-- The header of one business event. It holds no personal data and is never changed or deleted.
create table journal_entries (
  book_id int not null references books,
  entry_id uuid not null,
  kind text not null check (kind in ('deposit', 'withdrawal', 'transfer', 'incoming_payment',
    'outgoing_payment', 'interest', 'penalty_interest', 'fee', 'reversal')),
  business_date date not null,
  value_date date not null,
  posted_at timestamptz not null default now(),
  -- Who caused it; idempotency keys belong to this caller.
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text check (length(idempotency_key) between 1 and 255),
  request_hash bytea check (length(request_hash) = 32),
  reverses_entry_id uuid,
  primary key (book_id, entry_id),
  foreign key (book_id, reverses_entry_id) references journal_entries,
  constraint journal_entries_key_has_hash check ((idempotency_key is null) = (request_hash is null)),
  constraint journal_entries_reversal_names_its_entry
    check ((kind = 'reversal') = (reverses_entry_id is not null))
);

create unique index journal_entries_idempotency on journal_entries (book_id, actor, idempotency_key)
  where idempotency_key is not null;
create unique index journal_entries_reversed_once on journal_entries (book_id, reverses_entry_id)
  where reverses_entry_id is not null;
create index journal_entries_business_date on journal_entries (book_id, business_date, entry_id);

-- The lines of an entry: each debits one ledger account and credits another by the same positive amount, so
-- double entry holds by construction. A customer side carries its running balance and its sequence number.
create table postings (
  book_id int not null,
  entry_id uuid not null,
  line int not null default 1 check (line > 0),
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  business_date date not null,
  debit_seq bigint check (debit_seq > 0),
  debit_balance_minor bigint,
  credit_seq bigint check (credit_seq > 0),
  credit_balance_minor bigint,
  primary key (book_id, entry_id, line),
  foreign key (book_id, entry_id) references journal_entries,
  foreign key (book_id, debit_account_id, currency)
    references ledger_accounts (book_id, ledger_account_id, currency),
  foreign key (book_id, credit_account_id, currency)
    references ledger_accounts (book_id, ledger_account_id, currency),
  constraint postings_two_accounts check (debit_account_id <> credit_account_id),
  constraint postings_debit_balance check ((debit_seq is null) = (debit_balance_minor is null)),
  constraint postings_credit_balance check ((credit_seq is null) = (credit_balance_minor is null))
);

-- One posting per account, side and sequence number: a lost update cannot be stored.
create unique index postings_debit_seq on postings (book_id, debit_account_id, debit_seq)
  where debit_seq is not null;
create unique index postings_credit_seq on postings (book_id, credit_account_id, credit_seq)
  where credit_seq is not null;
-- Internal accounts are summed by date, from the index alone.
create index postings_internal_debit on postings (book_id, debit_account_id, business_date)
  include (amount_minor) where debit_seq is null;
create index postings_internal_credit on postings (book_id, credit_account_id, business_date)
  include (amount_minor) where credit_seq is null;

grant select, insert on ledger_accounts, journal_entries, postings to florin_app;
grant update (status, balance_minor, held_minor, floor_minor, seq, last_business_date, last_posted_at)
  on ledger_accounts to florin_app;
