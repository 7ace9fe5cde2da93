-- migrate:up
create table customers (
	id varchar(36) not null primary key,
	name varchar(200) not null
);
insert into customers (id, name) values ('1', 'Ada'), ('2', 'Grace');

-- migrate:down
drop table customers;
