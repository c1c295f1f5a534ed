-- Whether transfers between accounts of one customer count against the limits of the account that pays.
alter table product_limits add column own_transfers_count boolean not null default true;
alter table book_limits add column own_transfers_count boolean not null default true;
