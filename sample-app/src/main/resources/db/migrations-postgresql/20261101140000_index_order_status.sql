-- migrate:up transaction:false
-- Orders can be placed while the index is built; PostgreSQL does that only outside a transaction.
create index concurrently orders_by_status on orders (status, placed_at);

-- migrate:down transaction:false
drop index concurrently orders_by_status;
