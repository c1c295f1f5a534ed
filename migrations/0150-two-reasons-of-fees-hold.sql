-- What the migration before wrote anew holds for the rows that were there, too.
alter table account_fees validate constraint account_fees_customer_reason_check;
