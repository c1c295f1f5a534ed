-- Outside a transaction.
-- A customer saves each payee once: the constraint that there is does it for IBANs.
drop index concurrently if exists beneficiaries_bank_account_once;
create unique index concurrently beneficiaries_bank_account_once
  on beneficiaries (book_id, customer_id, bank_code_scheme, bank_code, account_number)
  where bank_code_scheme is not null;
