-- Every row keeps to the checks of the migration before.
alter table deposits
  validate constraint deposits_collected_from_fkey,
  validate constraint deposits_frequency_known,
  validate constraint deposits_instalments_positive,
  validate constraint deposits_instalments_in_order,
  validate constraint deposits_instalments_whole,
  validate constraint deposits_not_own_source;
alter table deposit_events validate constraint deposit_events_kind_known;
