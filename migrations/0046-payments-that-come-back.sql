-- A payment comes back after it was settled, or after it was credited; a payer takes it back until it is claimed by who
-- sends it. Each end has its entry.
create table payment_submissions (
  book_id int not null references books,
  submission_id uuid not null,
  -- The file or message in which the payments are sent.
  message text not null check (length(message) between 1 and 140),
  actor text not null check (length(actor) between 1 and 100),
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash bytea not null check (length(request_hash) = 32),
  payment_count int not null check (payment_count > 0),
  created_at timestamptz not null,
  primary key (book_id, submission_id),
  constraint payment_submissions_idempotency unique (book_id, actor, idempotency_key),
  constraint payment_submissions_message unique (book_id, message)
);

alter table payment_submissions enable row level security;
create policy own_book on payment_submissions to florin_app
  using (book_id = (select nullif(current_setting('florin.book_id', true), '')::int));
grant select, insert on payment_submissions to florin_app;

alter table outgoing_payments
  add column reason_code text,
  -- The date on which the other bank sent it back.
  add column returned_on date,
  -- The entry by which it came back after it was settled.
  add column return_entry_id uuid,
  -- Who claimed it to send it.
  add column submission_id uuid,
  add constraint outgoing_payments_reason_code_check check (reason_code ~ '^[A-Z0-9]{4}$') not valid,
  add constraint outgoing_payments_return_entry_fkey foreign key (book_id, return_entry_id)
    references journal_entries (book_id, entry_id) not valid,
  add constraint outgoing_payments_submission_fkey foreign key (book_id, submission_id)
    references payment_submissions (book_id, submission_id) not valid,
  add constraint outgoing_payments_return_check check (
    (return_entry_id is null or status = 'returned') and (returned_on is null or status = 'returned')
    and (reason_code is null or status = 'returned')) not valid,
  add constraint outgoing_payments_submitted_check check (
    case status when 'submitted' then submission_id is not null
      when 'pending_settlement' then submission_id is null when 'cancelled' then submission_id is null
      else true end) not valid,
  drop constraint outgoing_payments_status_check,
  add constraint outgoing_payments_status_check
    check (status = any ('{pending_settlement,submitted,settled,returned,cancelled}'::text[])) not valid,
  drop constraint outgoing_payments_ended_by_entry,
  add constraint outgoing_payments_ended_by_entry
    check ((status = any ('{settled,returned,cancelled}'::text[])) = (ending_entry_id is not null)) not valid;

alter table incoming_payments
  add column reason_code text,
  add column returned_on date,
  -- The entry by which an account that had been credited gave it back.
  add column return_entry_id uuid,
  add constraint incoming_payments_reason_code_check check (reason_code ~ '^[A-Z0-9]{4}$') not valid,
  add constraint incoming_payments_return_entry_fkey foreign key (book_id, return_entry_id)
    references journal_entries (book_id, entry_id) not valid,
  add constraint incoming_payments_return_check check (
    (return_entry_id is null or status = 'returned') and (returned_on is null or status = 'returned')
    and (reason_code is null or status = 'returned')) not valid,
  drop constraint incoming_payments_credited,
  add constraint incoming_payments_credited check (
    case status when 'unresolved' then account_id is null
      when 'returned' then (account_id is not null) = (return_entry_id is not null)
      else account_id is not null end) not valid,
  drop constraint incoming_payments_problem,
  add constraint incoming_payments_problem check (
    case status when 'credited' then problem is null
      when 'returned' then problem is not null or return_entry_id is not null
      else problem is not null end) not valid,
  drop constraint incoming_payments_ended_by_entry,
  add constraint incoming_payments_ended_by_entry check (
    case when problem is null then ending_entry_id is null
      else (status = any ('{resolved,returned}'::text[])) = (ending_entry_id is not null) end) not valid;

grant update (reason_code, returned_on, return_entry_id, submission_id) on outgoing_payments to florin_app;
grant update (reason_code, returned_on, return_entry_id) on incoming_payments to florin_app;
