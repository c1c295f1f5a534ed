-- What customers must have told the bank before they open an account of the product.
alter table products
  add column required_details text[] not null default '{}';
alter table products
  add constraint products_required_details_check
    check (required_details <@ '{email,phone,address}'::text[]) not valid;

grant update (required_details) on products to florin_app;
