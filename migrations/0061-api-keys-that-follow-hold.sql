-- What the migration before wrote anew holds for the rows that were there, too.
alter table api_keys validate constraint api_keys_client;
