-- migrate:allow fk-without-index: customers and products are never deleted, and their keys stay
-- migrate:up
create table orders (
	id varchar(36) not null primary key,
	customer_id varchar(36) not null,
	placed_at bigint not null, -- milliseconds since 1970; a type that all four databases share
	foreign key (customer_id) references customers (id)
);

create table order_lines (
	order_id varchar(36) not null,
	line_number integer not null,
	sku varchar(40) not null,
	quantity integer not null,
	primary key (order_id, line_number),
	foreign key (order_id) references orders (id),
	foreign key (sku) references products (sku)
);

-- migrate:down
drop table order_lines;
drop table orders;
