-- What the migration before wrote anew holds for the rows that were there, too.
alter table products validate constraint products_accounting_check;
alter table products validate constraint products_kind_known;
