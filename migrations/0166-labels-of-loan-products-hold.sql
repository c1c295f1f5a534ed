-- What the migration before wrote anew holds for the rows that were there, too.
alter table loan_products validate constraint loan_products_external_id_check;
alter table loan_products validate constraint loan_products_metadata_check;
