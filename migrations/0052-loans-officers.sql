-- Who looks after a loan at the bank. The version before does not know the column.
alter table loans
  add column officer text,
  add constraint loans_officer check (length(officer) between 1 and 100) not valid;

grant update (officer) on loans to florin_app;
