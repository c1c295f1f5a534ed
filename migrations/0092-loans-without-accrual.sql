-- Since when a loan earns no income because it is past due: the interest that it owes is not in the books.
alter table loans add column non_accrual_since date;
grant update (non_accrual_since) on loans to florin_app;

alter table loan_events
  add constraint loan_events_kind_known check (kind in ('applied', 'approved', 'rejected', 'withdrawn', 'disbursed',
    'repaid', 'rescheduled', 'charged_off', 'written_off', 'recovered', 'repayment_undone', 'undone', 'waived',
    'charged', 'fell_due', 'late_fee', 'paid_ahead', 'party_added', 'party_removed', 'collateral_added',
    'collateral_released', 'income_suspended', 'income_resumed')) not valid,
  drop constraint loan_events_kinds;

-- The same of the portfolio of closed dates, and how its loans are secured; zero for dates of the version before.
alter table end_of_day_loans
  add column non_accrual_loans int not null default 0,
  add column memorandum_minor bigint not null default 0,
  add column collateral_minor bigint not null default 0,
  add column secured_minor bigint not null default 0,
  add column guaranteed_loans int not null default 0,
  add column co_borrower_loans int not null default 0;
