-- migrate:up
create table products (
	sku varchar(40) not null primary key,
	name varchar(200) not null,
	price_cents bigint not null
);

insert into products (sku, name, price_cents) values
	('LAMP-1', 'Desk lamp', 3900),
	('DESK-1', 'Standing desk; oak', 54900),
	('CHAIR-1', 'Office chair', 24900);

-- migrate:down
drop table products;
