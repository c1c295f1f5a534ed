-- Outside a transaction.
-- The lines of an account of the bank's own are read in the order of the books: by date, then by entry. The wider indexes
-- serve what the narrower ones did.
drop index concurrently if exists postings_internal_debit_lines;
create index concurrently postings_internal_debit_lines on postings (book_id, debit_account_id, business_date, entry_id)
  include (amount_minor) where debit_seq is null;
drop index concurrently if exists postings_internal_credit_lines;
create index concurrently postings_internal_credit_lines on postings (book_id, credit_account_id, business_date, entry_id)
  include (amount_minor) where credit_seq is null;
drop index concurrently if exists postings_internal_debit;
drop index concurrently if exists postings_internal_credit;
