-- How the bank lays its reports out. Without a row, a report is laid out by the classes and groups of the chart.
create table report_layouts (
  book_id int not null references books,
  report text not null check (report ~ '^[a-z-]{1,30}$'),
  layout jsonb not null check (jsonb_typeof(layout) = 'object'),
  primary key (book_id, report)
);

alter table report_layouts enable row level security;
create policy own_book on report_layouts to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert, update (layout) on report_layouts to florin_app;
