-- A standing order outlives the beneficiary that it paid, and keeps the payee's IBAN. A loan outlives nobody's account
-- but its borrower's: whoever deletes the account's owner is told of it.

alter table standing_orders drop constraint standing_orders_book_id_to_beneficiary_id_fkey;
alter table standing_orders add constraint standing_orders_to_beneficiary_fkey
  foreign key (book_id, to_beneficiary_id) references beneficiaries (book_id, beneficiary_id) not valid;

alter table loans drop constraint loans_book_id_account_id_fkey;
alter table loans add constraint loans_account_fkey
  foreign key (book_id, account_id) references accounts (book_id, account_id) not valid;

grant update (to_beneficiary_id, to_iban) on standing_orders to florin_app;
