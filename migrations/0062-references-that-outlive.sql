-- What makes a payment from another bank unique outlives whom it was for: told again, it is not booked again. Hashed,
-- because the text is the other bank's and stays for good.
create table incoming_references (
  book_id int not null references books,
  reference_hash bytea not null check (length(reference_hash) = 32),
  entry_id uuid not null,
  primary key (book_id, reference_hash),
  foreign key (book_id, entry_id) references journal_entries
);

grant select, insert on incoming_references to florin_app;

alter table incoming_references enable row level security;
create policy own_book on incoming_references to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));

insert into incoming_references (book_id, reference_hash, entry_id)
select book_id, sha256(convert_to(external_reference, 'UTF8')), entry_id from incoming_payments
where external_reference is not null
on conflict do nothing;
