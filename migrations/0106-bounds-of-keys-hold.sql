alter table api_keys validate constraint api_keys_account_ids_check;
alter table api_keys validate constraint api_keys_customer_ids_check;
alter table api_keys validate constraint api_keys_networks_check;
alter table api_keys validate constraint api_keys_largest_check;
alter table api_keys validate constraint api_keys_largest_currency_fkey;
