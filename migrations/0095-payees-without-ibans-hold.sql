-- What the migration before wrote anew holds for the rows that were there, too.

alter table beneficiaries validate constraint beneficiaries_one_account;
alter table beneficiaries validate constraint beneficiaries_bank_code_scheme_check;
alter table beneficiaries validate constraint beneficiaries_bank_code_check;
alter table beneficiaries validate constraint beneficiaries_account_number_check;
alter table standing_orders validate constraint standing_orders_to_bank_scheme_check;
alter table standing_orders validate constraint standing_orders_scheme_has_bank;
alter table outgoing_payments validate constraint outgoing_payments_bank_code_scheme_check;
