-- The balance that an account brings from another system is a transaction of its own type.
alter table transactions add constraint transactions_type_known
  check (type = any ('{deposit,withdrawal,transfer,incoming_payment,outgoing_payment,interest,penalty_interest,fee,loan_disbursement,loan_repayment,loan_recovery,opening_balance,reversal}'::text[])) not valid;
alter table transactions drop constraint transactions_type_check;
