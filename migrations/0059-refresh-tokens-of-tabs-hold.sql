-- What the migration before wrote anew holds for the rows that were there, too.
alter table refresh_tokens validate constraint refresh_tokens_spent_from;
