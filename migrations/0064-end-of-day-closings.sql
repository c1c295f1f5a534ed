-- What the end of the day is at: up to which date it closes, and whether it was asked to stop between two dates. The runs
-- themselves are a row a date (end_of_day_runs).
create table end_of_day_closings (
  book_id int primary key references books,
  until_on date not null,
  actor text not null check (length(actor) between 1 and 100),
  started_at timestamptz not null,
  stopped_by text check (length(stopped_by) between 1 and 100),
  ended_at timestamptz
);

grant select, insert, update on end_of_day_closings to florin_app;

alter table end_of_day_closings enable row level security;
create policy own_book on end_of_day_closings to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
