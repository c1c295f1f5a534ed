-- Outside a transaction.
-- Those whose identifiers and words are still to be made from their row: few, or none.
drop index concurrently if exists customers_to_derive;
create index concurrently customers_to_derive on customers (book_id, customer_id) where derived_version is distinct from version;
