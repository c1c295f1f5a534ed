-- Payees whose accounts have no IBAN: an account number, and the code of its bank in a scheme (a routing number, a sort
-- code, a BIC).

-- Safe beside the version before: only a beneficiary that the new version adds has none.
alter table beneficiaries alter column iban drop not null;
alter table beneficiaries
  add column bank_code_scheme text,
  add column bank_code text,
  add column account_number text;
alter table beneficiaries add constraint beneficiaries_one_account check (
  case when iban is null then bank_code_scheme is not null and bank_code is not null and account_number is not null
  else bank_code_scheme is null and bank_code is null and account_number is null end) not valid;
alter table beneficiaries add constraint beneficiaries_bank_code_scheme_check
  check (bank_code_scheme in ('us_aba', 'gb_sort_code', 'bic')) not valid;
alter table beneficiaries add constraint beneficiaries_bank_code_check
  check (bank_code ~ '^[A-Z0-9]+$' and length(bank_code) <= 11) not valid;
alter table beneficiaries add constraint beneficiaries_account_number_check
  check (account_number ~ '^[A-Z0-9]+$' and length(account_number) <= 34) not valid;

alter table standing_orders add column to_bank_scheme text;
alter table standing_orders add constraint standing_orders_to_bank_scheme_check
  check (to_bank_scheme in ('us_aba', 'gb_sort_code', 'bic')) not valid;
alter table standing_orders add constraint standing_orders_scheme_has_bank
  check (to_bank_scheme is null or to_bank is not null) not valid;
grant update (to_bank, to_bank_scheme, to_account_number) on standing_orders to florin_app;

-- What the code of the payee's bank is. Empty for an IBAN, and where another system named the bank.
alter table outgoing_payments add column bank_code_scheme text;
alter table outgoing_payments add constraint outgoing_payments_bank_code_scheme_check
  check (bank_code_scheme in ('us_aba', 'gb_sort_code', 'bic')) not valid;
