-- Files that were loaded into a book, each once.
create table imports (
  book_id int not null references books,
  import_id uuid not null,
  source text not null check (source ~ '^[a-z][a-z0-9_]{0,49}$'),
  file_name text not null check (length(file_name) between 1 and 255),
  sha256 bytea not null check (length(sha256) = 32),
  row_count int not null default 0 check (row_count >= 0),
  imported_at timestamptz not null default now(),
  primary key (book_id, import_id),
  unique (book_id, source, sha256)
);

-- Rows of another system's files as they were, kept beside what was made of them. They go with the person.
create table imported_records (
  book_id int not null references books,
  import_id uuid not null,
  record_type text not null check (length(record_type) between 1 and 50),
  record_id text not null check (length(record_id) between 1 and 100),
  line int not null check (line > 0),
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  customer_id uuid,
  account_id uuid,
  primary key (book_id, record_type, record_id),
  foreign key (book_id, import_id) references imports,
  foreign key (book_id, customer_id) references customers on delete cascade,
  foreign key (book_id, account_id) references accounts on delete cascade
);

create index imported_records_customer on imported_records (book_id, customer_id);
create index imported_records_account on imported_records (book_id, account_id);

grant select, insert on imports, imported_records to florin_app;
