-- What a customer sees of a journal entry: one row per business event, under the entry's id. Amount and
-- account are the customer's; dates, instant and the other side's account are the entry's and its postings'.
create table transactions (
  book_id int not null references books,
  transaction_id uuid not null,
  account_id uuid not null,
  type text not null check (type in ('deposit', 'withdrawal', 'transfer', 'incoming_payment',
    'outgoing_payment', 'interest', 'penalty_interest', 'fee', 'reversal')),
  mode text not null default 'online' check (mode in ('cash', 'cheque', 'card', 'online', 'branch', 'atm',
    'clearing', 'internal')),
  amount_minor bigint not null check (amount_minor > 0),
  description text check (length(description) between 1 and 500),
  reference text check (length(reference) between 1 and 140),
  -- What the money was for, where it is known: household, insurance, loan, pension …
  purpose text check (length(purpose) between 1 and 35),
  -- The other side, where it is outside the book.
  counterparty_name text check (length(counterparty_name) between 1 and 140),
  counterparty_bank text check (length(counterparty_bank) between 1 and 35),
  counterparty_account text check (length(counterparty_account) between 1 and 35),
  primary key (book_id, transaction_id),
  foreign key (book_id, transaction_id) references journal_entries,
  foreign key (book_id, account_id) references accounts on delete cascade
);

create index transactions_account on transactions (book_id, account_id, transaction_id);
create index transactions_reference on transactions (book_id, reference) where reference is not null;

-- No update: what happened does not change. Delete comes only by cascade from the customer.
grant select, insert on transactions to florin_app;
