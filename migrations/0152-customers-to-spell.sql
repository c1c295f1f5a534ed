-- Outside a transaction.
-- Those whose words are still to be made again: who has such a name, and few, or none, in the end.
drop index concurrently if exists customers_to_spell;
create index concurrently customers_to_spell on customers (book_id, customer_id)
  where has_spellings is null
    and (coalesce(given_name, '') || ' ' || coalesce(family_name, '') || ' ' || coalesce(legal_name, ''))
      ~* '(ae|oe|ue|aa|[æøåÆØÅ])';
