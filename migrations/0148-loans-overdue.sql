-- Outside a transaction.
-- Loans of which anything is overdue: what a list by arrears looks at. Safe beside the version before, which need not
-- know it.
drop index concurrently if exists loans_overdue;
create index concurrently loans_overdue on loans (book_id, loan_id) where overdue_since is not null or penalties_due_minor > 0;
