-- What an account was opened as stays: a server that remembers its product judges by that what a payment costs.
-- Safe beside the version before: it updates none of the columns that are left out.
revoke update on accounts from florin_app;
grant update (
  customer_id, external_id, status_reason, customer_reason, closed_on, reactivated_on, closing_notice_on, metadata,
  version, updated_at
) on accounts to florin_app;
