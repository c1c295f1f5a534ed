-- What the migration before wrote anew holds for the rows that were there, too.
alter table outgoing_payments validate constraint outgoing_payments_customer_reason_check;
alter table incoming_payments validate constraint incoming_payments_customer_reason_check;
