-- A payment that came is booked whatever its texts are: accounts that are no IBANs, and what was said as it was said.
alter table incoming_payments
  add column creditor_account text,
  add column debtor_account text,
  add column as_received jsonb,
  add constraint incoming_payments_creditor_account_check
    check (creditor_account is null or (length(creditor_account) between 1 and 35 and iban is null)) not valid,
  add constraint incoming_payments_debtor_account_check
    check (debtor_account is null or (length(debtor_account) between 1 and 35 and debtor_iban is null)) not valid,
  add constraint incoming_payments_as_received_check check (jsonb_typeof(as_received) = 'object') not valid,
  drop constraint incoming_payments_problem_check,
  add constraint incoming_payments_problem_check check (problem = any ('{unknown_iban,unknown_account,account_closed,account_frozen,currency_mismatch,balance_overflow,business_date_closed}'::text[])) not valid;
