-- Why a fee was waived or given back: as staff say it, and as the customer reads it.
alter table account_fees add column customer_reason text;
alter table account_fees add constraint account_fees_customer_reason_check
  check (length(customer_reason) between 1 and 500) not valid;
grant update (customer_reason) on account_fees to florin_app;
