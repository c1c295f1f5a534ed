-- What of an approved amount has not been paid out yet, of a loan that is paid out in several payments.
alter table loans add column undisbursed_minor bigint not null default 0;
alter table loans add constraint loans_undisbursed_minor_check check (undisbursed_minor >= 0) not valid;
grant update (undisbursed_minor) on loans to florin_app;
