-- Entries that people book by hand, and the close of a year.
alter table journal_entries
  add constraint journal_entries_kind_is_known check (kind = any ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,interest_accrual,penalty_interest,withholding_tax,fee,loan_disbursement,loan_repayment,loan_accrual,loan_loss,loan_recovery,opening_balance,journal,year_end,reversal}'::text[])) not valid,
  drop constraint journal_entries_kind_known;

-- What an entry by hand says beyond its lines: why it was made, and on which date it counts in the bank's books. That
-- date may lie before the business date on which it was booked.
create table manual_entries (
  book_id int not null references books,
  entry_id uuid not null,
  accounting_date date not null,
  business_date date not null,
  reason text not null check (length(reason) between 1 and 500),
  reference text check (length(reference) between 1 and 140),
  attachments jsonb not null default '[]' check (jsonb_typeof(attachments) = 'array'),
  -- The year whose close it is, or was: reports of the year leave it out.
  closes_year int,
  external_id text check (length(external_id) between 1 and 100),
  metadata jsonb check (jsonb_typeof(metadata) = 'object'),
  primary key (book_id, entry_id),
  foreign key (book_id, entry_id) references journal_entries,
  constraint manual_entries_not_ahead check (accounting_date <= business_date)
);

create index manual_entries_of_years on manual_entries (book_id, closes_year) where closes_year is not null;
create unique index manual_entries_external_id on manual_entries (book_id, external_id) where external_id is not null;
create index manual_entries_reference on manual_entries (book_id, reference) where reference is not null;
-- Few: every report of the books reads them.
create index manual_entries_dated_back on manual_entries (book_id, accounting_date, entry_id)
  where accounting_date < business_date;

alter table manual_entries enable row level security;
create policy own_book on manual_entries to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on manual_entries to florin_app;
