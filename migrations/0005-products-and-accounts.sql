create table products (
  book_id int not null references books,
  product_code text not null check (product_code ~ '^[a-z][a-z0-9_]{0,49}$'),
  currency text not null references currencies,
  kind text not null check (kind in ('current', 'savings')),
  name text not null check (name <> ''),
  gl_code text not null,
  overdraft_allowed boolean not null default false,
  status text not null default 'active' check (status in ('active', 'retired')),
  created_at timestamptz not null default now(),
  primary key (book_id, product_code, currency),
  foreign key (book_id, gl_code) references gl_accounts
);

-- The next account number of a book, in a row of its own: opening an account must not wait for postings.
create table account_numbers (
  book_id int primary key references books,
  next_number bigint not null default 1000000001 check (next_number > 0)
);

-- What a customer holds: the personal side of one ledger account, under the same id. Deleting the customer
-- deletes this row and all that hangs on it, and leaves the ledger account and its postings.
create table accounts (
  book_id int not null references books,
  account_id uuid not null,
  customer_id uuid not null,
  product_code text not null,
  currency text not null,
  number text not null check (number ~ '^[0-9]{1,30}$'),
  iban text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  external_id text check (length(external_id) between 1 and 100),
  status_reason text check (length(status_reason) between 1 and 500),
  opened_on date not null,
  closed_on date,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  version int not null default 1 check (version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (book_id, account_id),
  unique (book_id, number),
  unique (book_id, iban),
  unique (book_id, external_id),
  foreign key (book_id, account_id, currency)
    references ledger_accounts (book_id, ledger_account_id, currency),
  foreign key (book_id, customer_id) references customers on delete cascade,
  foreign key (book_id, product_code, currency) references products,
  constraint accounts_closed_after_opened check (closed_on >= opened_on)
);

create index accounts_customer on accounts (book_id, customer_id);

-- Everyone who may act on an account, its owner included.
create table account_holders (
  book_id int not null references books,
  account_id uuid not null,
  customer_id uuid not null,
  role text not null default 'owner' check (role in ('owner', 'joint', 'authorised')),
  created_at timestamptz not null default now(),
  primary key (book_id, account_id, customer_id),
  foreign key (book_id, account_id) references accounts on delete cascade,
  foreign key (book_id, customer_id) references customers on delete cascade
);

create index account_holders_customer on account_holders (book_id, customer_id);

grant select, insert on products to florin_app;
grant select, insert, update on account_numbers to florin_app;
grant select, insert, update, delete on accounts, account_holders to florin_app;
