-- migrate:up transaction:false
-- Orders can be placed while the index is built; MySQL refuses the statement if it could not keep that promise.
create index orders_by_status on orders (status, placed_at) algorithm = inplace lock = none;

-- migrate:down transaction:false
drop index orders_by_status on orders;
