-- From where a token was spent: who comes with it again a moment later, from there, is another tab of the same user.
alter table refresh_tokens add column spent_from text;
alter table refresh_tokens add constraint refresh_tokens_spent_from
  check (length(spent_from) between 1 and 64) not valid;
