-- The colour of the bank's letterhead.
alter table books add column letterhead_color text;
alter table books
  add constraint books_letterhead_color_check check (letterhead_color ~ '^#[0-9a-f]{6}$') not valid;
grant update (letterhead_color) on books to florin_app;
