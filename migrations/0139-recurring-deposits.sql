-- Deposits that are paid into by instalments: what each is and how often, how many there are and how far they are, and
-- the account that they are collected from. All of it is null for other deposits.
alter table deposits
  add column collected_from_id uuid,
  add column instalment_minor bigint,
  add column instalment_frequency text,
  -- With those that take the place of missed ones.
  add column instalment_count int,
  -- How many from the first on are paid or missed.
  add column instalments_settled int,
  add column instalments_missed int,
  -- When the next one falls due; null once none is left.
  add column next_instalment_on date,
  add constraint deposits_collected_from_fkey foreign key (book_id, collected_from_id) references accounts not valid,
  add constraint deposits_frequency_known check (instalment_frequency = any ('{weekly,monthly,quarterly,yearly}'::text[])) not valid,
  add constraint deposits_instalments_positive check (instalment_minor > 0) not valid,
  add constraint deposits_instalments_in_order check (instalments_settled between 1 and instalment_count
    and instalments_missed between 0 and instalment_count) not valid,
  add constraint deposits_instalments_whole check (num_nulls(collected_from_id, instalment_minor, instalment_frequency,
    instalment_count, instalments_settled, instalments_missed) in (0, 6)
    and (next_instalment_on is null or instalment_minor is not null)) not valid,
  add constraint deposits_not_own_source check (collected_from_id <> account_id) not valid;

alter table deposit_events
  add constraint deposit_events_kind_known check (kind = any ('{opened,instructed,instalment_paid,instalment_missed,interest_paid,closed_early,matured,waiting,renewed,paid_out}'::text[])) not valid,
  drop constraint deposit_events_kind_check;

grant update (principal_minor, matures_on, notice_due_on, collected_from_id, instalment_count, instalments_settled,
  instalments_missed, next_instalment_on) on deposits to florin_app;
grant update (through_on, terms) on interest_agreements to florin_app;
