-- What an API key is confined to beside its scopes: accounts, customers, a largest amount of one operation, and the
-- networks that it is used from. Null confines nothing. The ids are kept as lists and not as references: a key whose
-- accounts are gone reaches nothing, and never everything.
alter table api_keys add column account_ids uuid[];
alter table api_keys add column customer_ids uuid[];
alter table api_keys add column largest_minor bigint;
alter table api_keys add column largest_currency text;
alter table api_keys add column networks text[];
alter table api_keys add constraint api_keys_account_ids_check check (cardinality(account_ids) between 1 and 100) not valid;
alter table api_keys add constraint api_keys_customer_ids_check check (cardinality(customer_ids) between 1 and 100) not valid;
alter table api_keys add constraint api_keys_networks_check check (cardinality(networks) between 1 and 100) not valid;
alter table api_keys add constraint api_keys_largest_check
  check ((largest_minor is null) = (largest_currency is null) and largest_minor > 0) not valid;
alter table api_keys add constraint api_keys_largest_currency_fkey
  foreign key (largest_currency) references currencies (currency) not valid;
