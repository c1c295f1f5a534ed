-- What the migration before wrote anew holds for the rows that were there, too.
alter table incoming_payments validate constraint incoming_payments_creditor_account_check;
alter table incoming_payments validate constraint incoming_payments_debtor_account_check;
alter table incoming_payments validate constraint incoming_payments_as_received_check;
alter table incoming_payments validate constraint incoming_payments_problem_check;
