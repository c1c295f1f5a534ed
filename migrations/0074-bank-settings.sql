-- What a bank says of itself on statements and payments.

alter table books
  add column bic text,
  add column address_line1 text,
  add column address_line2 text,
  add column postal_code text,
  add column city text,
  add column supervisory_ids jsonb not null default '{}';

alter table books
  add constraint books_bic_check check (bic ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$') not valid,
  add constraint books_address_line1_check check (length(address_line1) between 1 and 200) not valid,
  add constraint books_address_line2_check check (length(address_line2) between 1 and 200) not valid,
  add constraint books_postal_code_check check (length(postal_code) between 1 and 20) not valid,
  add constraint books_city_check check (length(city) between 1 and 100) not valid,
  add constraint books_supervisory_ids_check check (jsonb_typeof(supervisory_ids) = 'object') not valid;

grant update (bic, address_line1, address_line2, postal_code, city, supervisory_ids) on books to florin_app;
