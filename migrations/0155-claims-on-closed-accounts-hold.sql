-- What the migration before wrote anew holds for the rows that were there, too.
alter table incoming_payments validate constraint incoming_payments_claim_check;
