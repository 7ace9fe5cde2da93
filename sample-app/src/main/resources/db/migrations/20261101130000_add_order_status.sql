-- migrate:up
alter table orders add column status varchar(20) default 'open' not null;

-- migrate:down
alter table orders drop column status;
