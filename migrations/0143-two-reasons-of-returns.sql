-- Why a payment came back: as staff say it, and as the customer reads it.
alter table outgoing_payments add column customer_reason text;
alter table outgoing_payments add constraint outgoing_payments_customer_reason_check
  check (length(customer_reason) between 1 and 500) not valid;
grant update (customer_reason) on outgoing_payments to florin_app;

alter table incoming_payments add column customer_reason text;
alter table incoming_payments add constraint incoming_payments_customer_reason_check
  check (length(customer_reason) between 1 and 500) not valid;
grant update (customer_reason) on incoming_payments to florin_app;
