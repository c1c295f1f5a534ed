-- Labels of holds, standing orders, beneficiaries and loans may be changed. A hold keeps those that it was placed with: a
-- repeated request is answered as the first was.
alter table holds add column first_labels jsonb;
alter table holds add constraint holds_first_labels_check check (jsonb_typeof(first_labels) = 'object') not valid;

grant update (external_id, metadata, first_labels) on holds to florin_app;
grant update (external_id, metadata) on standing_orders to florin_app;
grant update (external_id, metadata) on beneficiaries to florin_app;
grant update (external_id, metadata) on loans to florin_app;
