-- The application sees and writes its own book and no other, even where a query forgets to ask for it. Which book
-- is its own stands in the setting florin.book_id of its connection; without one it sees nothing. The owner, who
-- migrates, is not bound. Every later table with a book_id brings the same two statements (test/tidy says so).
-- The setting is read in a subquery: once for a statement, not once for a row.
do $$
declare
  table_name text;
begin
  for table_name in
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'book_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    order by 1
  loop
    execute format('alter table %I enable row level security', table_name);
    execute format('create policy own_book on %I to florin_app
      using (book_id = (select nullif(current_setting(''florin.book_id'', true), '''')::int))', table_name);
  end loop;
end $$;
