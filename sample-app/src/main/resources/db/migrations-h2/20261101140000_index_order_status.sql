-- migrate:up
create index orders_by_status on orders (status, placed_at);

-- migrate:down
drop index orders_by_status;
