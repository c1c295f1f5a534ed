-- What was done to a loan can be undone or booked with an earlier date; interest, fees and penalty interest can be
-- waived, and a fee charged; money can be paid ahead of an instalment. The version before writes none of these.
alter table loan_events
  add constraint loan_events_kind check (kind in ('applied', 'approved', 'rejected', 'withdrawn', 'disbursed',
    'repaid', 'rescheduled', 'charged_off', 'written_off', 'recovered', 'repayment_undone', 'undone', 'waived',
    'charged', 'fell_due', 'late_fee', 'paid_ahead')) not valid,
  drop constraint loan_events_kind_check;

-- A correction that is followed by other terms than before makes a version of the schedule.
alter table loan_terms
  add constraint loan_terms_reason check (reason in ('disbursed', 'repaid', 'rescheduled', 'corrected')) not valid,
  drop constraint loan_terms_reason_check;
