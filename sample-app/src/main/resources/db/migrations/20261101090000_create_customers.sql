-- migrate:up
create table customers (
	id varchar(36) not null primary key,
	name varchar(200) not null,
	email varchar(200) not null
);

-- migrate:down
drop table customers;
