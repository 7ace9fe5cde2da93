-- migrate:up
create table shipped_orders (
	id varchar(36) not null primary key,
	customer_name varchar(200) not null,
	shipped_at bigint not null
);

-- migrate:down
drop table shipped_orders;
