-- What was wrong in each item of a batch that could not even be judged, by the item's place: read again with the batch.
alter table transaction_batches add column item_errors jsonb;
alter table transaction_batches add constraint transaction_batches_item_errors_check
  check (jsonb_typeof(item_errors) = 'object') not valid;
