-- migrate:up
create table book (
	id bigint primary key,
	title varchar(100) not null
);
insert into book (id, title) values (1, 'Stoner');

-- migrate:down
drop table book;
